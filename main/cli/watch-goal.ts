import { follow } from '#main/client/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { World } from '#protocol/model/world.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** How a goal is watched. */
export interface WatchOptions {
  readonly goal: string;
  /** Stay when it needs the CEO or is stuck: somebody is there to answer. */
  readonly stay: boolean;
  /** How long it must stand still before it counts as waiting for the CEO; what the engine decides next may move it. */
  readonly settleMs: number;
  readonly signal: AbortSignal;
  onWorld(world: World, events: readonly NumberedEvent[]): void;
}

/** Where watching ended. */
export interface Watched {
  readonly verdict: Verdict;
  readonly world: World;
}

/** Watches a goal until it is over, waits for the CEO, or `signal` aborts (then the verdict is as it stood). */
export async function watchGoal(operations: Operations, options: WatchOptions): Promise<Result<Watched, Fault>> {
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  let last: Watched | undefined;
  let settling: NodeJS.Timeout | undefined;
  const onWorld = (world: World, events: readonly NumberedEvent[]) => {
    if (signal.aborted) return;
    options.onWorld(world, events);
    const goal = world.goals[options.goal];
    const verdict = goal ? verdictOf(goal) : 'moving';
    last = { verdict, world };
    clearTimeout(settling);
    if (verdict === 'moving' || (options.stay && (verdict === 'asks' || verdict === 'stuck'))) return;
    if (verdict === 'asks') settling = setTimeout(() => ended.abort(), options.settleMs);
    else ended.abort();
  };
  const followed = await follow(operations, { onWorld }, signal);
  clearTimeout(settling);
  if (!followed.ok) return followed;
  if (last) return ok(last);
  return err(
    faultOf('interrupted', 'Watching ended before anything was seen.', 'It was interrupted.', 'Look at `aios status`.'),
  );
}
