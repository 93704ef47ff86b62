import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { FeedMessage, NumberedEvent } from '#protocol/contract/feed.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { applyEvents, type World, worldOf } from '#protocol/model/world.ts';

/** What one who follows the world hears. */
export interface Follower {
  /** The world is known, or changed; `events` are those that changed it. */
  onWorld(world: World, events: readonly NumberedEvent[]): void;
}

function applied(world: World, message: Exclude<FeedMessage, { kind: 'gap' }>): World {
  return message.kind === 'live' ? { ...world, live: message.live } : applyEvents(world, message.events);
}

const ended = (why: string) => faultOf('feed-ended', 'The stream of events ended.', why, 'Look at `aios status`.');

/** One snapshot and the events after it, until the stream has a gap. */
async function followOnce(
  operations: Operations,
  follower: Follower,
  signal: AbortSignal,
): Promise<Result<'gap' | 'over', Fault>> {
  const snapshot = await operations.feed.snapshot(undefined, signal);
  if (!snapshot.ok) return snapshot;
  let world = worldOf(snapshot.value);
  follower.onWorld(world, []);
  const watched = await operations.feed.watch({ after: world.sequence }, signal);
  if (!watched.ok) return watched;
  for await (const message of watched.value) {
    if (signal.aborted) break;
    if (message.kind === 'gap') return ok('gap');
    world = applied(world, message);
    follower.onWorld(world, message.kind === 'events' ? message.events : []);
  }
  return ok('over');
}

/** Follows the world until `signal` aborts. Gaps are closed with a new snapshot; only a lost stream is a failure. */
export async function follow(
  operations: Operations,
  follower: Follower,
  signal: AbortSignal,
): Promise<Result<void, Fault>> {
  while (!signal.aborted) {
    try {
      const result = await followOnce(operations, follower, signal);
      if (signal.aborted) break;
      if (!result.ok) return result;
      if (result.value === 'over') return err(ended('The orchestrator ended it.'));
    } catch (error) {
      if (!signal.aborted) return err(ended(error instanceof Error ? error.message : String(error)));
    }
  }
  return ok(undefined);
}
