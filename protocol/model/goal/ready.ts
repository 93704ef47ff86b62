import { branchOf, dependenciesMet } from './branch.ts';
import { WITHOUT_AGENT } from './kinds.ts';
import type { Assignee } from './parts.ts';
import type { Goal, Task } from './state.ts';
import { ATTEMPT_OVER } from './status.ts';

/** Agents that have not left. */
export function crewOf(goal: Goal): Goal['agents'][string][] {
  return Object.values(goal.agents).filter((agent) => !goal.dismissed.includes(agent.id));
}

/**
 * Agents that may take a task with this assignee, busy and paused ones included. A Lead takes no work, unless it was
 * asked to do the whole goal alone; the backlog is nobody's, and gates and sub-plans need nobody.
 */
export function agentsFor(goal: Goal, assignee: Assignee, kind: Task['kind'] = 'work'): string[] {
  if (WITHOUT_AGENT.has(kind)) return [];
  const able = crewOf(goal).filter((agent) => kind !== 'work' || !agent.lead || agent.id === goal.solo);
  switch (assignee.kind) {
    case 'agent':
      return able.filter((agent) => agent.id === assignee.agent).map((agent) => agent.id);
    case 'role':
      return able.filter((agent) => agent.role === assignee.role).map((agent) => agent.id);
    case 'anyone':
      return able.filter((agent) => !agent.lead).map((agent) => agent.id);
    case 'nobody':
      return [];
  }
}

/** Whether a dependency holds nobody up any more. A failed one does. */
export function isSatisfied(goal: Goal, on: string): boolean {
  const status = goal.tasks[on]?.status;
  return status === 'done' || status === 'cancelled';
}

/** Tasks whose time has come: open, somebody's, everything before them done, and the branch theirs. */
export function readyTasks(goal: Goal): Task[] {
  const approved = goal.status !== 'awaiting-approval';
  return Object.values(goal.tasks).filter(
    (task) =>
      task.status === 'open' &&
      task.assignee.kind !== 'nobody' &&
      task.notBefore === undefined &&
      (approved || task.kind !== 'work') &&
      !WITHOUT_AGENT.has(task.kind) &&
      dependenciesMet(goal, task) &&
      branchOf(goal, task) === 'go',
  );
}

/** Whether a task waits for the CEO to give it to somebody. */
export function inBacklog(task: Task): boolean {
  return task.status === 'open' && task.assignee.kind === 'nobody';
}

/** Nothing runs or could run, and what is left waits in the backlog. */
export function waitsForBacklog(goal: Goal): boolean {
  if (Object.values(goal.attempts).some((attempt) => !ATTEMPT_OVER.has(attempt.status))) return false;
  return Object.values(goal.tasks).some(inBacklog) && readyTasks(goal).length === 0;
}
