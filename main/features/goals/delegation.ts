import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import { refuseWith } from './draft.ts';

/** How many delegations may lie between the CEO's word and a task: plan, work, and four from hand to hand. */
export const MOST_DEPTH = 5;
/** Tasks one agent may have delegated that are not over. */
export const MOST_DELEGATED = 20;

/** How many delegations lie between the CEO and a task. */
export function depthOf(goal: Goal, id: string, seen: ReadonlySet<string> = new Set()): number {
  const task = goal.tasks[id];
  if (!task || !goal.agents[task.by] || seen.has(id)) return 0;
  // What its author worked on when it was added.
  const working = Object.values(goal.attempts)
    .filter((each) => each.agent === task.by && each.task !== id && each.startedAt <= task.addedAt)
    .sort((a, b) => b.startedAt - a.startedAt)[0];
  return 1 + (working ? depthOf(goal, working.task, new Set([...seen, id])) : 0);
}

/** Refuses what fans out without end: delegation of delegation, or one agent that delegates everything. */
export function refuseFanOut(goal: Goal, by: string, more: number): void {
  if (!goal.agents[by]) return;
  const open = Object.values(goal.tasks).filter(
    (task) => task.by === by && task.kind === 'work' && task.status !== 'proposed' && !TASK_OVER.has(task.status),
  ).length;
  const planned = goal.agents[by]?.lead === true;
  if (!planned && open + more > MOST_DELEGATED)
    refuseWith(
      'too-many-delegated',
      `You may have ${MOST_DELEGATED} open tasks with others.`,
      `${open} of yours are not over.`,
      'Wait for some to end, or do this one yourself.',
    );
  const at = Object.values(goal.attempts).findLast((each) => each.agent === by && !ATTEMPT_OVER.has(each.status));
  const depth = at ? 1 + depthOf(goal, at.task) : 1;
  if (depth > MOST_DEPTH)
    refuseWith(
      'too-deep',
      'This was handed on too often.',
      `${depth - 1} delegations lie between the CEO and your task; a goal allows ${MOST_DEPTH}.`,
      'Do it yourself, or complete your task as blocked and say why.',
    );
}
