import { WITHOUT_AGENT } from '#protocol/model/goal/kinds.ts';
import type { TaskSpec } from '#protocol/model/goal/spec.ts';
import type { Task } from '#protocol/model/goal/state.ts';
import type { GoalCommand, ProposedSpec } from './command.ts';
import { findCycle } from './cycle.ts';
import { type Draft, refuseWith } from './draft.ts';
import { plannedTask, waitingGraph } from './edit.ts';
import { specProblems } from './problems.ts';
import { specOf } from './spec-of.ts';

/** What may still be changed once a node has begun: it says what happens after, not how it starts. */
const WHILE_ACTIVE: ReadonlySet<keyof ProposedSpec> = new Set([
  'done',
  'checks',
  'effort',
  'attempts',
  'backoffMs',
  'escalate',
  'deadlineMs',
  'keep',
  'review',
]);

/** Changes how a node is run: what the command's spec names is replaced, the rest stays as it is. */
export function respec(draft: Draft, command: Extract<GoalCommand, { type: 'respec' }>): void {
  const task = plannedTask(draft, command.task);
  if (task.status === 'done' || task.status === 'cancelled')
    refuseWith('task-over', `The task is ${task.status}.`, 'What is over stays as it is.', 'Add a new task.');
  const begun = task.status === 'active' || task.status === 'unverified';
  const fixed = (key: string) => key === 'parent' || (begun && !WHILE_ACTIVE.has(key as keyof ProposedSpec));
  const late = Object.keys(command.spec).filter(fixed);
  if (late.length > 0)
    refuseWith(
      'too-late',
      begun ? 'The task has started.' : 'A node stays in its sub-plan.',
      `These hold from its start: ${late.join(', ')}.`,
      'Add a new task.',
    );
  checkFit(draft, task, command.spec);
  const changed = specOf(command.spec, { keep: draft.context.keep, idOf: (name) => name });
  const spec: TaskSpec = { ...task.spec };
  for (const key of Object.keys(command.spec) as (keyof TaskSpec)[]) delete spec[key];
  draft.emit({ type: 'task.respecified', task: task.id, spec: { ...spec, ...changed }, by: command.by });
  if (
    spec.deadlineMs !== command.spec.deadlineMs &&
    task.dueAt !== undefined &&
    command.spec.deadlineMs !== undefined
  ) {
    draft.emit({ type: 'deadline.set', task: task.id, until: draft.context.now + command.spec.deadlineMs });
  }
}

function checkFit(draft: Draft, task: Task, spec: ProposedSpec): void {
  const named = [spec.onlyIf?.task, spec.each?.from].filter((on) => on !== undefined);
  for (const on of named) plannedTask(draft, on);
  // A gate keeps its condition and a fan-out its source where the change says nothing of them.
  const kept = WITHOUT_AGENT.has(task.kind) && spec.gate === undefined && task.spec?.gate ? ['gate' as const] : [];
  const problems = specProblems(draft.goal, {
    key: task.id,
    kind: task.kind === 'gate' || task.kind === 'group' ? task.kind : 'work',
    assignee: task.assignee,
    dependsOn: task.dependsOn,
    spec: kept.length > 0 ? { ...spec, gate: { kind: 'approval' } } : spec,
  });
  const cycle = findCycle(waitingGraph(draft.goal, task.id, named));
  if (cycle) problems.push(`nodes would wait for each other: ${cycle.join(' -> ')}`);
  if (problems.length > 0)
    refuseWith('bad-spec', 'This does not fit.', `${problems.join('; ')}.`, 'Correct it and try again.');
}
