import type { Clock } from '#main/platform/clock.ts';
import type { CallAuthority } from '#main/ports/call-authority/port.ts';
import type { PriceBook } from '#protocol/model/price-book.ts';

/** How calls are authenticated upstream: with the operator's key, or with whatever the agent's own login sends. */
export type UpstreamAuth =
  | {
      readonly kind: 'key';
      readonly key: string;
      /** Header that carries the key; `x-api-key` when absent. */
      readonly header?: 'x-api-key' | 'bearer';
    }
  | { readonly kind: 'passthrough' };

/** A model server calls can be sent to. */
export interface Upstream {
  readonly id: string;
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
  /** True where tokens cost nothing (a local model): calls are still counted and reserved, at zero. */
  readonly free?: boolean;
}

/** A run that may call: its secret token and where its calls go. */
export interface RunAdmission {
  readonly run: string;
  readonly token: string;
  readonly upstream: string;
}

/** An upstream changed between reachable and not, and why. */
export interface UpstreamHealth {
  readonly id: string;
  readonly state: 'up' | 'down';
  readonly cause: string;
  /** When it asked to be tried again (epoch milliseconds), null where it did not say. */
  readonly retryAt: number | null;
}

/** Counters since start. Nothing of a request's content is in them. */
export interface GatewayStats {
  readonly calls: number;
  readonly active: number;
  readonly refused: number;
  readonly upstreams: Readonly<
    Record<string, { readonly calls: number; readonly failed: number; readonly retried: number }>
  >;
}

/** Every limit of the gateway; milliseconds and bytes. */
export interface GatewayLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly headerCount: number;
  /** An agent must have sent its whole request by then. */
  readonly requestMs: number;
  readonly responseBytes: number;
  /** Longest silence of an upstream. */
  readonly idleMs: number;
  /** Longest time in which a stream carries nothing but pings. */
  readonly contentIdleMs: number;
  readonly totalMs: number;
  /** Longest time a call waits for a held run. */
  readonly holdMs: number;
  readonly tries: number;
  /** Longest time all waits between tries take together when the upstream names none. */
  readonly retryMs: number;
  /** Longest wait asked for by an upstream that is waited for here. */
  readonly retryAfterMs: number;
}

/** Limits unless told otherwise. */
export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 32 * 1024 * 1024,
  headerBytes: 32 * 1024,
  headerCount: 100,
  requestMs: 60_000,
  responseBytes: 64 * 1024 * 1024,
  idleMs: 120_000,
  contentIdleMs: 300_000,
  totalMs: 900_000,
  holdMs: 90_000,
  tries: 4,
  retryMs: 30_000,
  retryAfterMs: 60_000,
};

/** What a gateway server is made of. Time and chance are injected. */
export interface GatewayDeps {
  readonly authority: CallAuthority;
  readonly book: PriceBook;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newCallId: () => string;
  readonly limits: GatewayLimits;
  readonly onUpstream: (health: UpstreamHealth) => void;
  /** Hears of faults of our own (an authority that throws); never of bodies or keys. */
  readonly onFault: (what: string) => void;
}
