import { openItems } from '#protocol/model/goal/describe.ts';
import type { Goal, Item } from '#protocol/model/goal/state.ts';

/** An item with the goal it belongs to. */
export interface Queued {
  readonly goal: Goal;
  readonly item: Item;
}

/** Everything that waits for the CEO in all goals, the longest waiting first. */
export function queueOf(goals: Readonly<Record<string, Goal>>): Queued[] {
  return Object.values(goals)
    .flatMap((goal) => openItems(goal).map((item) => ({ goal, item })))
    .sort((one, other) => one.item.openedAt - other.item.openedAt);
}

/** The item that is shown: the chosen one while it waits, else the one that took its place, else the last. */
export function shownIn(queue: readonly Queued[], chosen: string | null, place: number): Queued | null {
  return queue.find((each) => each.item.id === chosen) ?? queue[Math.min(place, queue.length - 1)] ?? null;
}
