import type { Goal, Task } from './state.ts';
import { TASK_OVER } from './status.ts';

function isMet(goal: Goal, on: string): boolean {
  const status = goal.tasks[on]?.status;
  return status === 'done' || status === 'cancelled';
}

/**
 * Whether enough of what a node waits for is done: all of it, or as many as its `need` says. A node of a sub-plan also
 * waits for the sub-plan to begin.
 */
export function dependenciesMet(goal: Goal, task: Task): boolean {
  const parent = task.spec?.parent === undefined ? undefined : goal.tasks[task.spec.parent];
  if (parent !== undefined && (parent.status === 'open' || parent.status === 'proposed')) return false;
  const need = Math.min(task.spec?.need ?? task.dependsOn.length, task.dependsOn.length);
  if (need === task.dependsOn.length) return task.dependsOn.every((on) => isMet(goal, on));
  return task.dependsOn.filter((on) => isMet(goal, on)).length >= need;
}

/** How a node ended, as conditions name it: the result its agent or gate gave, else its status. */
function endedAs(task: Task, is: string): boolean {
  if (task.status === 'cancelled') return is === 'cancelled';
  return task.status === is || task.result === is;
}

/** Whether the node a condition looks at is over, and the branch taken. `go` without a condition. */
export function branchOf(goal: Goal, task: Task): 'go' | 'wait' | 'skip' {
  const condition = task.spec?.onlyIf;
  if (condition === undefined) return 'go';
  const on = goal.tasks[condition.task];
  if (on === undefined) return 'skip';
  if (!TASK_OVER.has(on.status)) return 'wait';
  return endedAs(on, condition.is) ? 'go' : 'skip';
}

/** Whether the plan says what follows when this node fails: then its failure holds nobody up. */
export function failureIsPlanned(goal: Goal, id: string): boolean {
  return Object.values(goal.tasks).some(
    ({ spec, status }) => spec?.onlyIf?.task === id && spec.onlyIf.is === 'failed' && status !== 'cancelled',
  );
}

/** Nodes of a sub-plan, in the order they were added. */
export function childrenOf(goal: Goal, group: string): Task[] {
  return Object.values(goal.tasks).filter((task) => task.spec?.parent === group);
}

/** Whether a node is over in a way that lets the whole end. A failed reply or review holds nobody up by itself. */
export function isSettled(goal: Goal, task: Task): boolean {
  if (task.status === 'done' || task.status === 'cancelled') return true;
  if (task.status !== 'failed') return false;
  return task.kind === 'reply' || task.kind === 'review' || failureIsPlanned(goal, task.id);
}
