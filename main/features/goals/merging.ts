import { heldBy, openCollisions } from '#protocol/model/goal/collide.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Draft } from './draft.ts';

/** From so many on merging together may save checks. */
const LEAST_TOGETHER = 3;
const MOST_TOGETHER = 8;
/** It pays when checking one after the other would take longer than this, milliseconds. */
const BATCH_PAYS_MS = 60_000;

/** Those that can be merged together, in the queue's order: none that is known to conflict with one before it. */
function together(goal: Goal, queue: readonly string[]): string[] {
  const pairs = new Set(
    openCollisions(goal).flatMap(({ kind, attempts }) => (kind === 'conflict' ? [[...attempts].sort().join('~')] : [])),
  );
  const chosen: string[] = [];
  for (const id of queue) {
    if (!chosen.some((other) => pairs.has([id, other].sort().join('~')))) chosen.push(id);
    if (chosen.length === MOST_TOGETHER) break;
  }
  return chosen;
}

function pays(goal: Goal, count: number): boolean {
  return count >= LEAST_TOGETHER && goal.checkMs !== null && count * goal.checkMs > BATCH_PAYS_MS;
}

/** Starts the next merge: one, or several together where that saves time. The target is the goal's branch, so nothing else merges meanwhile. */
export function startMerge(draft: Draft): void {
  const { attempts, mergeQueue } = draft.goal;
  if (Object.values(attempts).some((attempt) => attempt.status === 'merging')) return;
  const queue = mergeQueue.filter((id) => !heldBy(draft.goal, id));
  const [next] = queue;
  if (next === undefined) return;
  const members = together(draft.goal, queue);
  if (pays(draft.goal, members.length)) draft.emit({ type: 'batch.ordered', batch: draft.id('batch'), members });
  else draft.emit({ type: 'merge.ordered', attempt: next });
}
