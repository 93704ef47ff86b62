import type { Worker } from 'node:worker_threads';
import { assertNever } from '#main/platform/result.ts';
import type { CallAuthority } from '#main/ports/call-authority/port.ts';
import { spareGatewayThread } from './spare-thread.ts';
import type { BegunCall, FromGateway, ThreadStart, ToGateway } from './thread-messages.ts';
import {
  DEFAULT_LIMITS,
  type GatewayLimits,
  type GatewayStats,
  type RunAdmission,
  type Upstream,
  type UpstreamHealth,
} from './types.ts';

export type {
  GatewayDeps,
  GatewayLimits,
  GatewayStats,
  RunAdmission,
  Upstream,
  UpstreamAuth,
  UpstreamHealth,
} from './types.ts';

/** What the gateway needs from the orchestrator. */
export interface GatewayOptions {
  readonly authority: CallAuthority;
  /** Path of the price book, which the gateway's own thread reads. */
  readonly prices: string;
  readonly limits?: Partial<GatewayLimits>;
  /** Gives a thread for this gateway alone, which may have been started ahead; asked when the gateway begins. */
  readonly spare?: () => Worker;
  readonly onUpstream: (health: UpstreamHealth) => void;
  /** Hears of faults of the gateway itself; never of bodies or keys. */
  readonly onFault: (what: string) => void;
  /** The gateway's thread ended although nobody stopped it: no call is possible until it is started anew. */
  readonly onExit: (cause: string) => void;
}

/** The model gateway, in a thread of its own. An agent's base URL is `<origin>/run/<token>`. */
export interface Gateway {
  start(): Promise<{ readonly origin: string }>;
  /** Ends every call, waits until each is settled, and ends the thread. */
  stop(): Promise<void>;
  /** Replaces the list of model servers; calls under way keep theirs. */
  setUpstreams(upstreams: readonly Upstream[]): void;
  admit(admission: RunAdmission): void;
  /** Makes a token worthless and ends the calls under way with it. */
  revoke(token: string): void;
  /** Lets the calls of a run wait (at most 90 s, then they are refused) until it is released. */
  hold(run: string): void;
  release(run: string): void;
  /** Gives back what is reserved ahead and used by no call. Resolves once that is durable. */
  reclaim(): Promise<void>;
  stats(): Promise<GatewayStats>;
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function grantOf(authority: CallAuthority, message: FromGateway & { kind: 'reserve' }): Promise<ToGateway> {
  const { call } = message.request;
  try {
    return { kind: 'grant', call, grant: await authority.reserve(message.request) };
  } catch (error) {
    const reason = `the budget could not be asked: ${causeOf(error)}`;
    return { kind: 'grant', call, grant: { kind: 'refused', reason } };
  }
}

async function settlementOf(authority: CallAuthority, message: FromGateway & { kind: 'settle' }): Promise<ToGateway> {
  const { call } = message.outcome;
  try {
    return { kind: 'settled', call, failure: null, ahead: await authority.settle(message.outcome) };
  } catch (error) {
    return { kind: 'settled', call, failure: causeOf(error), ahead: null };
  }
}

async function releasedOf(options: GatewayOptions, message: FromGateway & { kind: 'release' }): Promise<ToGateway> {
  try {
    await options.authority.release(message.calls);
  } catch (error) {
    options.onFault(`a reservation could not be given back: ${causeOf(error)}`);
  }
  return { kind: 'released', id: message.id };
}

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<string>;
  readonly stopped: Promise<void>;
  readonly statistics: Map<number, (stats: GatewayStats) => void>;
  readonly reclaims: Map<number, () => void>;
}

function startThread(options: GatewayOptions, onEnd: (cause: string) => void): Thread {
  const start: ThreadStart = {
    prices: options.prices,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
  const worker = options.spare?.() ?? spareGatewayThread();
  worker.postMessage(start);
  const statistics = new Map<number, (stats: GatewayStats) => void>();
  const reclaims = new Map<number, () => void>();
  const ready = Promise.withResolvers<string>();
  const stopped = Promise.withResolvers<void>();
  const tell = (message: ToGateway) => worker.postMessage(message);
  const hearBegun = (calls: readonly BegunCall[]) => {
    for (const { run, call } of calls) options.authority.began(run, call);
  };
  const hear = (message: FromGateway): void => {
    switch (message.kind) {
      case 'ready':
        ready.resolve(message.origin);
        break;
      case 'reserve':
        void grantOf(options.authority, message).then(tell);
        break;
      case 'settle':
        hearBegun(message.begun);
        void settlementOf(options.authority, message).then(tell);
        break;
      case 'began':
        hearBegun(message.calls);
        break;
      case 'release':
        void releasedOf(options, message).then(tell);
        break;
      case 'reclaimed':
        reclaims.get(message.id)?.();
        reclaims.delete(message.id);
        break;
      case 'upstream':
        options.onUpstream(message.health);
        break;
      case 'fault':
        options.onFault(message.what);
        break;
      case 'stats':
        statistics.get(message.id)?.(message.stats);
        statistics.delete(message.id);
        break;
      case 'stopped':
        stopped.resolve();
        break;
      default:
        assertNever(message);
    }
  };
  const end = (cause: string) => {
    ready.reject(new Error(cause));
    stopped.resolve();
    for (const go of reclaims.values()) go();
    reclaims.clear();
    onEnd(cause);
  };
  ready.promise.catch(() => undefined);
  worker.on('message', hear);
  worker.on('error', (error) => end(causeOf(error)));
  worker.on('exit', (code) => end(`the gateway's thread ended with ${code}`));
  return { worker, ready: ready.promise, stopped: stopped.promise, statistics, reclaims };
}

/** Builds the gateway. Start it once; after `stop`, or when `onExit` was called, build another. */
export function createGateway(options: GatewayOptions): Gateway {
  let thread: Thread | undefined;
  let over = false;
  let questions = 0;
  const end = (cause: string) => {
    if (over) return;
    over = true;
    options.onExit(cause);
  };
  const begun = () => {
    thread ??= startThread(options, end);
    return thread;
  };
  const tell = (message: ToGateway) => begun().worker.postMessage(message);
  return {
    start: async () => ({ origin: await begun().ready }),
    async stop() {
      if (over || !thread) return;
      over = true;
      tell({ kind: 'stop' });
      await thread.stopped;
      await thread.worker.terminate();
    },
    setUpstreams: (upstreams) => tell({ kind: 'upstreams', upstreams }),
    admit: (admission) => tell({ kind: 'admit', admission }),
    revoke: (token) => tell({ kind: 'revoke', token }),
    hold: (run) => tell({ kind: 'hold', run }),
    release: (run) => tell({ kind: 'release', run }),
    reclaim: () =>
      new Promise((resolve) => {
        if (over || !thread) return resolve();
        questions += 1;
        thread.reclaims.set(questions, resolve);
        tell({ kind: 'reclaim', id: questions });
      }),
    stats: () =>
      new Promise((resolve) => {
        const current = begun();
        questions += 1;
        current.statistics.set(questions, resolve);
        tell({ kind: 'stats', id: questions });
      }),
  };
}
