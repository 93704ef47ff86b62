import { failureIsPlanned } from '#protocol/model/goal/branch.ts';
import { WITHOUT_AGENT } from '#protocol/model/goal/kinds.ts';
import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Attempt, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { consultOnFailure, isConsultation } from './consult.ts';
import { type Draft, refuseWith } from './draft.ts';

/** Ends a task once; a failed one may still be taken out of the plan. */
export function endTask(draft: Draft, task: string, status: 'done' | 'failed' | 'cancelled'): void {
  const before = draft.task(task).status;
  const takenOut = before === 'failed' && status === 'cancelled';
  if (!takenOut && TASK_OVER.has(before)) return;
  for (const item of Object.values(draft.goal.items)) {
    const moot = item.task === task && (item.kind === 'gate' || item.kind === 'deadline');
    if (moot && !item.closed)
      draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by: 'system' });
  }
  draft.emit({ type: 'task.ended', task, status });
}

/** Opens a failed task again; what was asked about it is answered by that. */
export function reopen(draft: Draft, task: string, by: string): void {
  for (const item of Object.values(draft.goal.items)) {
    if (item.task === task && !item.closed)
      draft.emit({ type: 'item.closed', item: item.id, answer: 'retry', text: null, by });
  }
  draft.emit({ type: 'task.reopened', task });
}

/** Gives a failed task another attempt; refused when whoever it was for has left. */
export function retry(draft: Draft, id: string, by: string): void {
  const task = draft.task(id);
  if (!WITHOUT_AGENT.has(task.kind) && agentsFor(draft.goal, task.assignee, task.kind).length === 0)
    refuseWith('nobody', 'Nobody is left to do this.', 'Its agent was dismissed.', 'Give the task to another agent.');
  reopen(draft, id, by);
}

/** Ends an attempt that is not over; its process, if any, is interrupted. */
export function cancelAttempt(draft: Draft, id: string, cause: string): void {
  const attempt = draft.attempt(id);
  if (ATTEMPT_OVER.has(attempt.status)) return;
  const run = attempt.runs.at(-1);
  if (run && draft.goal.runs[run]?.status !== 'ended') {
    draft.emit({ type: 'run.interrupt-ordered', run, attempt: id, by: 'system' });
  }
  const item = attempt.wait?.on ? draft.goal.items[attempt.wait.on] : undefined;
  if (item && !item.closed) draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by: 'system' });
  draft.emit({ type: 'attempt.ended', attempt: id, status: 'cancelled', cause, detail: null });
}

/** An attempt failed: the task gets another, somebody else gets it, or it fails and the CEO hears of it. */
export function failAttempt(draft: Draft, attempt: Attempt, cause: string, detail: PayloadRef | null): void {
  draft.emit({ type: 'attempt.ended', attempt: attempt.id, status: 'failed', cause, detail });
  const task = draft.task(attempt.task);
  // A race goes on with whoever is left.
  if (task.attempts.some((id) => !ATTEMPT_OVER.has(draft.attempt(id).status))) return;
  if (task.kind !== 'reply' && (tryAgain(draft, task) || escalate(draft, task))) return;
  endTask(draft, task.id, 'failed');
  if (task.kind === 'reply' || task.kind === 'review' || failureIsPlanned(draft.goal, task.id)) return;
  // What the Lead looked at in vain is told with what it was about.
  if (isConsultation(task) || consultOnFailure(draft, task, cause)) return;
  const tried = task.attempts.length;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'stuck',
    task: task.id,
    attempt: attempt.id,
    title: draft.context.keep(`The task failed after ${tried} ${tried === 1 ? 'attempt' : 'attempts'}: ${cause}`),
    detail,
  });
}

/** The attempts of a race count as one try. */
function triesOf(task: Task): number {
  return Math.max(1, task.attempts.length - ((task.spec?.race ?? 1) - 1));
}

/** Longest wait between two attempts, milliseconds. */
const LONGEST_BACKOFF_MS = 60 * 60_000;

function tryAgain(draft: Draft, task: Task): boolean {
  const tries = triesOf(task);
  if (tries >= (task.spec?.attempts ?? draft.goal.limits.attempts)) return false;
  draft.emit({ type: 'task.reopened', task: task.id });
  const backoff = task.spec?.backoffMs;
  if (backoff !== undefined) {
    const wait = Math.min(backoff * 2 ** (tries - 1), LONGEST_BACKOFF_MS);
    draft.emit({ type: 'task.delayed', task: task.id, until: draft.context.now + wait });
  }
  return true;
}

/** One more attempt by the role that is to help, once. */
function escalate(draft: Draft, task: Task): boolean {
  const role = task.spec?.escalate;
  if (role === undefined || task.escalated === true) return false;
  const assignee = { kind: 'role' as const, role };
  if (agentsFor(draft.goal, assignee, task.kind).length === 0) return false;
  draft.emit({ type: 'task.escalated', task: task.id, assignee });
  draft.emit({ type: 'task.reopened', task: task.id });
  return true;
}
