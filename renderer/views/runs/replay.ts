import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { emptyBudgets } from '#protocol/model/budget/state.ts';
import { applyEvents, type World } from '#protocol/model/world.ts';

/** Events between two kept worlds: scrubbing applies at most so many. */
const EVERY = 200;

/** A goal's past: any moment of it is its events up to there, applied by the engine's own rules. */
export interface Replay {
  readonly events: readonly NumberedEvent[];
  /** The world after the first `count` events. */
  at(count: number): World;
}

/** A world in which nothing has happened. */
function before(live: World): World {
  return {
    sequence: 0,
    goals: {},
    conversations: {},
    budgets: emptyBudgets(),
    projects: live.projects,
    layouts: {},
    decisions: {},
    live: [],
    // Texts never change; having those of later costs nothing and shows nothing.
    texts: live.texts,
  };
}

/** Prepares a goal's events, oldest first, for scrubbing. Worlds on the way are kept as they are first needed. */
export function createReplay(events: readonly NumberedEvent[], live: World): Replay {
  const kept: World[] = [before(live)];
  const keptUpTo = (index: number): World => {
    for (let next = kept.length; next <= index; next += 1) {
      const from = kept[next - 1] ?? before(live);
      kept.push(applyEvents(from, events.slice((next - 1) * EVERY, next * EVERY)));
    }
    return kept[index] ?? before(live);
  };
  return {
    events,
    at(count) {
      const wanted = Math.min(Math.max(count, 0), events.length);
      const index = Math.floor(wanted / EVERY);
      return applyEvents(keptUpTo(index), events.slice(index * EVERY, wanted));
    },
  };
}

/** How many events had happened at a moment, wall-clock milliseconds. Events are in order of time. */
export function countAt(events: readonly NumberedEvent[], at: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
