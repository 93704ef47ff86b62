import type { CallGrant, CallOutcome, CallRequest } from '#main/ports/call-authority/port.ts';
import type { GatewayLimits, GatewayStats, RunAdmission, Upstream, UpstreamHealth } from './types.ts';

/** What the gateway's thread begins with, as its first message. */
export interface ThreadStart {
  /** Path of the price book. */
  readonly prices: string;
  readonly limits: GatewayLimits;
}

/** From the orchestrator to the gateway's thread. */
export type ToGateway =
  | { readonly kind: 'upstreams'; readonly upstreams: readonly Upstream[] }
  | { readonly kind: 'admit'; readonly admission: RunAdmission }
  | { readonly kind: 'revoke'; readonly token: string }
  | { readonly kind: 'hold'; readonly run: string }
  | { readonly kind: 'release'; readonly run: string }
  | { readonly kind: 'grant'; readonly call: string; readonly grant: CallGrant }
  | {
      readonly kind: 'settled';
      readonly call: string;
      readonly failure: string | null;
      readonly ahead: CallRequest | null;
    }
  | { readonly kind: 'reclaim'; readonly id: number }
  | { readonly kind: 'released'; readonly id: number }
  | { readonly kind: 'stats'; readonly id: number }
  | { readonly kind: 'stop' };

/** A call that left on a reservation made ahead. */
export interface BegunCall {
  readonly run: string;
  readonly call: string;
}

/** From the gateway's thread to the orchestrator. */
export type FromGateway =
  | { readonly kind: 'ready'; readonly origin: string }
  | { readonly kind: 'reserve'; readonly request: CallRequest }
  | { readonly kind: 'settle'; readonly outcome: CallOutcome; readonly begun: readonly BegunCall[] }
  | { readonly kind: 'began'; readonly calls: readonly BegunCall[] }
  | { readonly kind: 'release'; readonly id: number; readonly calls: readonly string[] }
  | { readonly kind: 'reclaimed'; readonly id: number }
  | { readonly kind: 'upstream'; readonly health: UpstreamHealth }
  | { readonly kind: 'fault'; readonly what: string }
  | { readonly kind: 'stats'; readonly id: number; readonly stats: GatewayStats }
  | { readonly kind: 'stopped' };
