import { PLANNED, WITHOUT_AGENT } from '#protocol/model/goal/kinds.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand } from './command.ts';
import { findCycle } from './cycle.ts';
import { type Draft, refuseWith } from './draft.ts';
import { isUnderWay, refusalOf } from './preview.ts';
import { waitGraph } from './problems.ts';
import { cancelAttempt, reopen } from './steps.ts';
import { reassign } from './succession.ts';
import { isHopeless } from './waiting-circle.ts';

/** Nodes of the plan are the CEO's to change; planning, replying and reviewing are not. */
export function plannedTask(draft: Draft, id: string): Task {
  const task = draft.task(id);
  if (PLANNED.has(task.kind)) return task;
  return refuseWith(
    'no-work',
    'This task cannot be changed.',
    task.kind === 'plan' ? 'It is the planning itself.' : 'It serves another task.',
    'Cancel it, or write to the agent.',
  );
}

/** A work task that has not started. A failed one counts: it may start again. */
function untouched(draft: Draft, id: string, next: string): Task {
  const task = plannedTask(draft, id);
  if (task.status === 'open' || task.status === 'proposed' || task.status === 'failed') return task;
  const begun = task.status === 'active' || task.status === 'unverified';
  return refuseWith(
    'too-late',
    begun ? 'The task has started.' : `The task is ${task.status}.`,
    begun ? 'An agent works from what it said at the start.' : 'What is over is not changed.',
    begun ? next : 'Add a new task.',
  );
}

/** Changes what a task says, before an agent has read it. */
export function revise(draft: Draft, command: Extract<GoalCommand, { type: 'revise' }>): void {
  const task = untouched(draft, command.task, 'Write to its agent instead.');
  if (command.title !== undefined && command.title.trim() === '')
    refuseWith('no-title', 'The title is empty.', 'A task is known by its title.', 'Give it one.');
  const title = command.title === undefined ? null : draft.context.keep(command.title.trim());
  // Where the title says it all, it still does.
  const follows = command.brief === undefined ? task.brief.id === task.title.id : command.brief.trim() === '';
  const brief = follows ? (title ?? task.title) : draft.text(command.brief ?? '');
  if (title === null && (brief === null || brief.id === task.brief.id)) return;
  draft.emit({ type: 'task.revised', task: task.id, title, brief });
}

/** Gives a task to an agent, a role or anyone; a failed one starts again, one under way is handed over. */
export function assign(draft: Draft, command: Extract<GoalCommand, { type: 'assign' }>): void {
  const { assignee, by } = command;
  if (assignee.kind === 'nobody') return unassign(draft, command.task, by);
  const task = plannedTask(draft, command.task);
  const refusal = refusalOf(draft.goal, task, assignee);
  if (refusal) refuseWith(refusal.tag, refusal.what, refusal.why, refusal.next);
  if (isUnderWay(task) && assignee.kind === 'agent') return reassign(draft, task, assignee.agent);
  if (sameAssignee(task.assignee, assignee) && task.status !== 'failed') return;
  draft.emit({ type: 'task.assigned', task: task.id, assignee });
  if (task.status === 'failed') reopen(draft, task.id, by);
  if (isHopeless(draft.goal, draft.task(task.id)))
    refuseWith(
      'waits-for-you',
      'This would never start.',
      'Whoever would do it waits for it.',
      'Give it to somebody else.',
    );
}

function sameAssignee(one: Assignee, other: Assignee): boolean {
  if (one.kind === 'agent' && other.kind === 'agent') return one.agent === other.agent;
  if (one.kind === 'role' && other.kind === 'role') return one.role === other.role;
  return one.kind === other.kind;
}

/** Puts a task back into the backlog. What runs for it is stopped and its workspace kept as a snapshot. */
export function unassign(draft: Draft, id: string, by: string): void {
  const task = plannedTask(draft, id);
  if (WITHOUT_AGENT.has(task.kind))
    refuseWith('no-agent', 'Nobody works on this.', 'It is a gate or a sub-plan.', 'Take it out, or leave it.');
  if (task.status === 'done' || task.status === 'cancelled')
    refuseWith('task-over', `The task is ${task.status}.`, 'What is over stays as it is.', 'Add a new task.');
  const open = task.attempts.filter((attempt) => !ATTEMPT_OVER.has(draft.attempt(attempt).status));
  if (open.length > 0) {
    if (open.some((attempt) => draft.attempt(attempt).status === 'merging'))
      refuseWith('merging', 'The work is being merged.', 'It is on its way into the goal.', 'Wait a moment.');
    for (const attempt of open) cancelAttempt(draft, attempt, 'taken back by the CEO');
    draft.emit({ type: 'task.reopened', task: id });
  } else if (task.status === 'failed') reopen(draft, id, by);
  if (task.assignee.kind !== 'nobody') draft.emit({ type: 'task.assigned', task: id, assignee: { kind: 'nobody' } });
}

/** What each node waits for: what the plan says, what its agent delegated, and what `task` is to wait for besides. */
export function waitingGraph(goal: Goal, task: string, more: readonly string[]): Map<string, readonly string[]> {
  const nodes = Object.values(goal.tasks).map((each) => {
    const open = goal.attempts[each.attempts.at(-1) ?? ''];
    const awaits = open && !ATTEMPT_OVER.has(open.status) ? open.awaits : [];
    const { onlyIf, parent } = each.spec ?? {};
    const from = each.spec?.each?.from;
    const spec = { onlyIf, parent, each: from === undefined ? undefined : { from, title: '', brief: '', role: null } };
    const added = each.id === task ? more : [];
    return { key: each.id, dependsOn: [...each.dependsOn, ...awaits, ...added], spec };
  });
  // From the changed node on, so that the circle named is the one it closes.
  const at = nodes.findIndex(({ key }) => key === task);
  return waitGraph([...nodes.slice(at), ...nodes.slice(0, at)]);
}

/** Adds a dependency; refused when tasks would wait for each other. */
export function link(draft: Draft, id: string, on: string): void {
  const task = untouched(draft, id, 'Dependencies hold before the start: add a new task.');
  plannedTask(draft, on);
  if (task.dependsOn.includes(on)) return;
  const cycle = findCycle(waitingGraph(draft.goal, id, [on]));
  if (cycle)
    refuseWith(
      'cycle',
      'This would be a circle.',
      `${cycle.join(' waits for ')}.`,
      'Remove one of these dependencies first.',
    );
  draft.emit({ type: 'dependency.added', task: id, on });
}

/** Takes a dependency away. */
export function unlink(draft: Draft, id: string, on: string): void {
  const task = untouched(draft, id, 'Its dependencies are met already.');
  if (!task.dependsOn.includes(on))
    refuseWith('not-linked', 'There is no such dependency.', 'The task does not wait for that one.', 'Look again.');
  draft.emit({ type: 'dependency.removed', task: id, on });
}

/** Puts into the backlog what nobody is left for. */
export function releaseOrphans(draft: Draft): void {
  for (const task of Object.values(draft.goal.tasks)) {
    if ((task.status !== 'open' && task.status !== 'proposed') || WITHOUT_AGENT.has(task.kind)) continue;
    if (task.assignee.kind === 'nobody') continue;
    const able = agentsFor(draft.goal, task.assignee, task.kind).length > 0;
    if (able && !isHopeless(draft.goal, task)) continue;
    if (task.kind === 'work') draft.emit({ type: 'task.assigned', task: task.id, assignee: { kind: 'nobody' } });
    else draft.emit({ type: 'task.ended', task: task.id, status: 'cancelled' });
  }
}
