import type { Item, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand } from './command.ts';
import type { Draft } from './draft.ts';
import { orderRun } from './run-order.ts';

/** Starts the clock of a node that has a deadline, once. */
export function setDeadline(draft: Draft, id: string): void {
  const { spec, dueAt } = draft.task(id);
  if (spec?.deadlineMs === undefined || dueAt !== undefined) return;
  draft.emit({ type: 'deadline.set', task: id, until: draft.context.now + spec.deadlineMs });
}

/** The open question about a node's deadline. */
export function deadlineItem(draft: Draft, task: string): Item | undefined {
  return Object.values(draft.goal.items).find((item) => item.kind === 'deadline' && item.task === task && !item.closed);
}

/**
 * The deadline is there: the CEO is asked, and a run that goes on is interrupted. Work that is being checked or merged is
 * let through, since it is nearly there.
 */
export function deadlineDue(draft: Draft, command: Extract<GoalCommand, { type: 'deadline-due' }>): void {
  const task = draft.goal.tasks[command.task];
  if (!task || TASK_OVER.has(task.status) || task.dueAt !== command.until) return;
  const open = task.attempts.map((id) => draft.attempt(id)).filter((each) => !ATTEMPT_OVER.has(each.status));
  const item = draft.id('item');
  draft.emit({
    type: 'item.opened',
    item,
    kind: 'deadline',
    task: task.id,
    attempt: open.at(-1)?.id ?? null,
    title: draft.context.keep(`The deadline has passed (${minutesOf(task)} min). Give it as long again?`),
    detail: null,
  });
  draft.emit({ type: 'deadline.passed', task: task.id, item });
  for (const attempt of open) {
    const run = draft.goal.runs[attempt.runs.at(-1) ?? ''];
    if (run && run.status !== 'ended')
      draft.emit({ type: 'run.interrupt-ordered', run: run.id, attempt: attempt.id, by: 'system' });
  }
}

function minutesOf({ spec }: Task): number {
  return Math.round((spec?.deadlineMs ?? 0) / 6_000) / 10;
}

/** As long again: what was stopped goes on. */
export function extendDeadline(draft: Draft, id: string): void {
  setDeadline(draft, id);
  for (const attempt of draft.task(id).attempts.map((each) => draft.attempt(each))) {
    if (attempt.status === 'waiting' && attempt.wait?.cause === 'deadline') orderRun(draft, attempt, 'resumed', {});
  }
}
