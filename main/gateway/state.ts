import { type Aheads, createAheads } from './aheads.ts';
import { createPromptMemory, type PromptMemory } from './prompt-memory.ts';
import { createRunRegistry, type RunRegistry } from './run-registry.ts';
import type { GatewayDeps, GatewayStats, Upstream, UpstreamHealth } from './types.ts';
import { createUpstreamPool, type UpstreamPool } from './upstream-pool.ts';

/** Counts calls; see {@link GatewayStats}. */
interface Counts {
  called(upstream: string): void;
  failed(upstream: string): void;
  retried(upstream: string): void;
  refused(): void;
  began(): void;
  ended(): void;
  stats(): GatewayStats;
}

/** Remembers each upstream's state and reports changes only. */
interface HealthBook {
  report(id: string, state: UpstreamHealth['state'], cause: string, retryAt: number | null): void;
}

/** Everything the calls of one gateway share. */
export interface GatewayState {
  readonly deps: GatewayDeps;
  readonly runs: RunRegistry;
  readonly memory: PromptMemory;
  readonly aheads: Aheads;
  readonly pool: UpstreamPool;
  readonly upstreams: Map<string, Upstream>;
  readonly counts: Counts;
  readonly health: HealthBook;
}

function createCounts(): Counts {
  const upstreams: Record<string, { calls: number; failed: number; retried: number }> = {};
  const total = { calls: 0, active: 0, refused: 0 };
  const of = (id: string) => {
    upstreams[id] ??= { calls: 0, failed: 0, retried: 0 };
    return upstreams[id];
  };
  return {
    called(id) {
      total.calls += 1;
      of(id).calls += 1;
    },
    failed(id) {
      of(id).failed += 1;
    },
    retried(id) {
      of(id).retried += 1;
    },
    refused() {
      total.refused += 1;
    },
    began() {
      total.active += 1;
    },
    ended() {
      total.active -= 1;
    },
    stats: () => ({ ...total, upstreams: structuredClone(upstreams) }),
  };
}

function createHealthBook(onUpstream: GatewayDeps['onUpstream']): HealthBook {
  const last = new Map<string, string>();
  return {
    report(id, state, cause, retryAt) {
      const now = state === 'up' ? 'up' : `down ${cause} ${retryAt}`;
      if (last.get(id) === now) return;
      last.set(id, now);
      onUpstream({ id, state, cause, retryAt });
    },
  };
}

/** Builds the shared state of one gateway. */
export function createGatewayState(deps: GatewayDeps): GatewayState {
  return {
    deps,
    runs: createRunRegistry(deps.clock, deps.limits.holdMs),
    memory: createPromptMemory(),
    aheads: createAheads(deps.clock, async (calls) => {
      await deps.authority.release(calls).catch(() => deps.onFault('a reservation could not be given back'));
    }),
    pool: createUpstreamPool(),
    upstreams: new Map(),
    counts: createCounts(),
    health: createHealthBook(deps.onUpstream),
  };
}
