import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { agentsFor, isSatisfied } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { notNow } from './succession.ts';

/** What a task would wait for if it were given to an agent now, as facts; whoever shows them finds the words. */
export interface AssignmentWaits {
  /** Dependencies that are not met. */
  readonly tasks: readonly Task[];
  /** What the agent works on or waits with. */
  readonly busyWith: Attempt | null;
  readonly paused: boolean;
  readonly unapproved: boolean;
}

function agentRefusal(goal: Goal, id: string): Fault | null {
  const agent = goal.agents[id];
  if (!agent) return faultOf('no-such-agent', 'There is no such agent.', 'It is not in the crew.', 'Choose another.');
  if (goal.dismissed.includes(id))
    return faultOf('dismissed', `${agent.name} was dismissed.`, 'It is not in the crew any more.', 'Choose another.');
  if (agent.lead && goal.solo !== id)
    return faultOf(
      'lead-plans',
      `${agent.name} takes no tasks.`,
      'A Lead plans and does no other work.',
      'Choose another.',
    );
  if (goal.pausedAgents.includes(id))
    return faultOf('agent-paused', `${agent.name} is paused.`, 'It starts nothing new.', 'Let it go on first.');
  return null;
}

/** Whether somebody works at a task, so that another agent would succeed it. */
export function isUnderWay(task: Task): boolean {
  return task.status === 'active' || task.status === 'unverified';
}

/** Work under way goes to another agent by name, unless it is just being checked or merged. */
function underWayRefusal(goal: Goal, task: Task, assignee: Assignee): Fault | null {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  const doer = goal.agents[attempt?.agent ?? '']?.name ?? 'somebody';
  const busy = (task.spec?.race ?? 1) > 1 ? 'Several agents race for it.' : attempt ? notNow(attempt) : null;
  if (busy !== null)
    return faultOf('not-now', `${doer}'s work cannot be handed over now.`, busy, 'Wait a moment, or take it back.');
  if (assignee.kind === 'agent' && assignee.agent !== attempt?.agent) return null;
  return faultOf(
    'too-late',
    `${doer} has this task.`,
    'One agent works on a task.',
    'Give it to another agent, or take it back.',
  );
}

function taskRefusal(goal: Goal, task: Task, assignee: Assignee): Fault | null {
  if (goal.status === 'accepted')
    return faultOf('goal-over', 'The goal is accepted.', 'Its work is in your branch.', 'State a new goal.');
  if (task.kind !== 'work')
    return faultOf(
      'no-work',
      'This task cannot be given away.',
      'It is no work on the project.',
      'Choose a work task.',
    );
  if (task.status === 'done' || task.status === 'cancelled')
    return faultOf('task-over', `The task is ${task.status}.`, 'What is over stays as it is.', 'Add a new task.');
  return isUnderWay(task) ? underWayRefusal(goal, task, assignee) : null;
}

/** Why a task cannot be given to somebody now, or null. */
export function refusalOf(goal: Goal, task: Task, assignee: Assignee): Fault | null {
  const refused =
    taskRefusal(goal, task, assignee) ?? (assignee.kind === 'agent' ? agentRefusal(goal, assignee.agent) : null);
  if (refused || agentsFor(goal, assignee, task.kind).length > 0) return refused;
  return faultOf('nobody', 'Nobody in the crew can take this.', 'No agent has that role.', 'Choose another, or hire.');
}

/** See {@link AssignmentWaits}. */
export function waitsOf(goal: Goal, task: Task, agent: string): AssignmentWaits {
  const open = Object.values(goal.attempts).find(
    (attempt) => attempt.agent === agent && attempt.task !== task.id && !ATTEMPT_OVER.has(attempt.status),
  );
  return {
    tasks: task.dependsOn.flatMap((on) => (isSatisfied(goal, on) ? [] : (goal.tasks[on] ?? []))),
    busyWith: open ?? null,
    paused: goal.paused || goal.status === 'stopped',
    unapproved: task.status === 'proposed' || goal.status === 'awaiting-approval',
  };
}
