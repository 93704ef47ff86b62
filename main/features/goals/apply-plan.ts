import type { Assignee } from '#protocol/model/goal/parts.ts';
import type { GoalCommand, ProposedSpec } from './command.ts';
import { cancelTask, retryTask } from './control.ts';
import { type Draft, refuseWith } from './draft.ts';
import { assign, link, revise, unlink } from './edit.ts';
import { addTasks } from './plan.ts';
import { respec } from './respec.ts';

/** What one node of a plan is changed to; what is absent stays. */
export interface NodeChange {
  readonly task: string;
  readonly title?: string;
  readonly brief?: string;
  readonly assignee?: Assignee;
  /** What it names is replaced; a key that is undefined is taken away. */
  readonly spec?: ProposedSpec;
  readonly link: readonly string[];
  readonly unlink: readonly string[];
}

/** Only a Lead changes plans, and only while its run is alive. */
export function leadsRun(draft: Draft, run: string): void {
  const { attempt } = draft.liveRun(run);
  if (draft.goal.agents[attempt.agent]?.lead === true) return;
  refuseWith(
    'not-the-lead',
    'Only the Lead changes the plan.',
    'You have another role.',
    'Ask the Lead with send_message.',
  );
}

/** A spec that names new nodes by key, with their ids. */
function withIds(spec: ProposedSpec, idOf: ReadonlyMap<string, string>): ProposedSpec {
  const { onlyIf, each } = spec;
  return {
    ...spec,
    ...(onlyIf === undefined ? {} : { onlyIf: { ...onlyIf, task: idOf.get(onlyIf.task) ?? onlyIf.task } }),
    ...(each === undefined ? {} : { each: { ...each, from: idOf.get(each.from) ?? each.from } }),
  };
}

/** Changes a plan as a whole, all or nothing: new nodes first, so that others may depend on them. */
export function applyPlan(draft: Draft, command: Extract<GoalCommand, { type: 'apply-plan' }>): void {
  const { by } = command;
  if (command.run !== undefined) leadsRun(draft, command.run);
  const ghosts = draft.goal.status === 'awaiting-approval';
  const ids = command.added.length === 0 ? [] : addTasks(draft, command.added, by, ghosts);
  const idOf = new Map(command.added.map((task, index) => [task.key, ids[index] ?? task.key]));
  for (const change of command.changed) {
    const { task, title, brief, assignee, spec } = change;
    for (const on of change.unlink) unlink(draft, task, on);
    if (title !== undefined || brief !== undefined)
      revise(draft, {
        type: 'revise',
        task,
        ...(title === undefined ? {} : { title }),
        ...(brief === undefined ? {} : { brief }),
      });
    if (assignee !== undefined) assign(draft, { type: 'assign', task, assignee, by });
    if (spec !== undefined) respec(draft, { type: 'respec', task, spec: withIds(spec, idOf), by });
    for (const on of change.link) link(draft, task, idOf.get(on) ?? on);
  }
  for (const task of command.removed) cancelTask(draft, task);
  for (const task of command.retried ?? []) retryTask(draft, task, by);
}
