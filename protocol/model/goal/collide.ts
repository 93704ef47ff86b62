import type { Collision } from './collision.ts';
import type { Attempt, Goal } from './state.ts';
import { ATTEMPT_OVER } from './status.ts';

/** Collisions that are there now. */
export function openCollisions(goal: Goal): Collision[] {
  return Object.values(goal.collisions).filter((collision) => collision.clearedAt === null);
}

/** Whether an attempt does work that others could collide with. */
export function isLiveWork(goal: Goal, attempt: Attempt): boolean {
  return !ATTEMPT_OVER.has(attempt.status) && attempt.workspace !== null && goal.tasks[attempt.task]?.kind === 'work';
}

/** Who has waited longest to be merged goes first: by start, then by id. */
export function earlierFirst(one: Attempt, other: Attempt): number {
  return one.startedAt - other.startedAt || (one.id < other.id ? -1 : 1);
}

/**
 * The earlier attempt that this one is sequenced after, while that one is on its way. One that waits for somebody holds
 * nobody up, so that two can never wait for each other.
 */
export function heldBy(goal: Goal, attempt: string): Attempt | undefined {
  for (const { action, attempts, kind, clearedAt } of Object.values(goal.collisions)) {
    const [first = '', second] = attempts;
    if (action !== 'sequence' || kind !== 'conflict' || second !== attempt || clearedAt !== null) continue;
    const other = goal.attempts[first];
    if (!other || ATTEMPT_OVER.has(other.status)) continue;
    if (other.status !== 'waiting' || other.wait?.cause === 'sequence') return other;
  }
  return undefined;
}
