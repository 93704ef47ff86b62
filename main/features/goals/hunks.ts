import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { orderCheck } from './run-order.ts';

/** Takes a hunk out of work that waits for the CEO, or of what is merged; either is checked again afterwards. */
export function rejectHunk(draft: Draft, command: Extract<GoalCommand, { type: 'reject-hunk' }>): void {
  const { status, rejecting } = draft.goal;
  if (rejecting)
    refuseWith('rejecting', 'A hunk is being taken out just now.', 'It is one at a time.', 'Try again in a moment.');
  if (status === 'stopped')
    refuseWith('goal-stopped', 'The goal is stopped.', 'Nothing of it is checked.', 'Continue the goal first.');
  if (command.attempt === null) refuseUnlessStill(draft);
  else freeAttempt(draft, command.attempt, command.by);
  draft.emit({
    type: 'hunk.reject-ordered',
    reject: draft.id('rej'),
    attempt: command.attempt,
    patch: draft.context.keep(command.patch),
    by: command.by,
  });
}

function refuseUnlessStill(draft: Draft): void {
  const { status } = draft.goal;
  if (status === 'ready' || status === 'running' || status === 'stuck') return;
  refuseWith(
    'being-checked',
    'Nothing can be taken out now.',
    `The goal is ${status === 'verifying' ? 'being checked' : (status ?? 'not stated')}.`,
    'Try again when that is over.',
  );
}

/** Only work that waits for the CEO's look stands still; the question about it is asked anew after the check. */
function freeAttempt(draft: Draft, id: string, by: string): void {
  const { status, wait } = draft.attempt(id);
  if (status !== 'waiting' || wait?.cause !== 'unverified')
    refuseWith(
      'still-at-work',
      'This work does not wait for your review.',
      `The attempt is ${status}${wait ? ` (${wait.cause})` : ''}.`,
      'Comment on the line instead: that reaches the agent.',
    );
  const item = draft.goal.items[wait?.on ?? ''];
  if (item && !item.closed) draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by });
}

/** The hunk is out, or could not be taken out; an attempt's work is checked again in both cases. */
export function hunkRejected(draft: Draft, command: Extract<GoalCommand, { type: 'hunk-rejected' }>): void {
  const { rejecting } = draft.goal;
  if (rejecting?.id !== command.reject) return;
  draft.emit({
    type: 'hunk.reject-ended',
    reject: command.reject,
    result: command.result,
    commit: command.commit,
    detail: draft.text(command.detail),
  });
  const attempt = rejecting.attempt === null ? undefined : draft.goal.attempts[rejecting.attempt];
  if (attempt?.status === 'verifying') orderCheck(draft, attempt);
}
