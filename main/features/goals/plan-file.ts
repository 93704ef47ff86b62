import type { GoalEvent } from '#protocol/model/goal/event.ts';
import type { Item } from '#protocol/model/goal/state.ts';
import { leadsRun } from './apply-plan.ts';
import type { GoalCommand } from './command.ts';
import { retryTask } from './control.ts';
import type { Draft } from './draft.ts';

/** Events after which the plan's file may say something else than the plan. */
const PLAN_CHANGES: ReadonlySet<GoalEvent['type']> = new Set([
  'task.added',
  'tasks.added',
  'task.revised',
  'task.assigned',
  'task.respecified',
  'task.escalated',
  'dependency.added',
  'dependency.removed',
  'plan.approved',
  'plan-edit.ended',
]);

const changesPlan = (event: GoalEvent, written: boolean) =>
  PLAN_CHANGES.has(event.type) ||
  // Before the first workspace there is no branch to write to.
  (event.type === 'attempt.prepared' && !written) ||
  (event.type === 'task.ended' && event.status === 'cancelled') ||
  (event.type === 'merge.ended' && event.result === 'merged');

/** After a command that changed the plan, its file is looked at again. */
export function keepPlanFile(draft: Draft): void {
  const { status, solo } = draft.goal;
  // One agent alone has no plan; what is not approved is none yet.
  if (solo !== null || status === 'awaiting-approval' || status === 'accepted' || status === 'stopped') return;
  const written = draft.goal.planFile?.blob != null;
  if (draft.events.some((event) => changesPlan(event, written))) draft.emit({ type: 'plan-file.ordered' });
}

/** The plan's file was found written by AIOS, or by somebody else. */
export function planFileSeen(draft: Draft, command: Extract<GoalCommand, { type: 'plan-file-seen' }>): void {
  const { planFile } = draft.goal;
  if (command.edit === null) {
    if (planFile?.blob !== command.blob) draft.emit({ type: 'plan-file.written', blob: command.blob });
    return;
  }
  if (planFile?.edit?.blob === command.blob) return;
  if (planFile?.edit) endEdit(draft, 'denied', null);
  if (command.edit.problem !== null) {
    return draft.emit({
      type: 'plan-edit.ended',
      result: 'refused',
      blob: command.blob,
      detail: draft.text(command.edit.problem),
    });
  }
  const item = draft.id('item');
  draft.emit({
    type: 'item.opened',
    item,
    kind: 'plan-edit',
    task: null,
    attempt: null,
    title: draft.context.keep('An edit of the plan is proposed. Change the plan like this?'),
    detail: draft.context.keep(command.edit.lines.join('\n')),
  });
  draft.emit({ type: 'plan-edit.proposed', text: draft.context.keep(command.edit.text), blob: command.blob, item });
}

/** The Lead's change of the plan, for the CEO to approve. One at a time: a newer one takes the place of the one before. */
export function proposeEdit(draft: Draft, command: Extract<GoalCommand, { type: 'propose-edit' }>): void {
  leadsRun(draft, command.run);
  for (const task of command.retried) retryTask(draft, task, 'system');
  const edit = { text: command.text, lines: command.lines, problem: null };
  planFileSeen(draft, { type: 'plan-file-seen', blob: draft.id('edit'), edit });
}

function endEdit(draft: Draft, result: 'denied' | 'refused', detail: string | null): void {
  const edit = draft.goal.planFile?.edit;
  const item = draft.goal.items[edit?.item ?? ''];
  if (item && !item.closed) draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by: 'system' });
  draft.emit({
    type: 'plan-edit.ended',
    result,
    blob: edit?.blob ?? null,
    detail: detail === null ? null : draft.text(detail),
  });
}

/** The CEO's word on an edit of the plan's file. */
export function answerPlanEdit(draft: Draft, item: Item, allowed: boolean): void {
  if (draft.goal.planFile?.edit?.item !== item.id) return;
  if (!allowed) return endEdit(draft, 'denied', null);
  draft.emit({ type: 'plan-edit.accepted', text: draft.goal.planFile.edit.text, by: 'ceo' });
}

/** An accepted edit was applied, or could not be. */
export function planEdited(draft: Draft, command: Extract<GoalCommand, { type: 'plan-edited' }>): void {
  const edit = draft.goal.planFile?.edit;
  if (!edit) return;
  draft.emit({
    type: 'plan-edit.ended',
    result: command.problem === null ? 'applied' : 'refused',
    blob: edit.blob,
    detail: command.problem === null ? null : draft.text(command.problem),
  });
}
