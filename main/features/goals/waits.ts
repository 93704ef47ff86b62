import type { GoalCommand } from './command.ts';
import type { Draft } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { orderCheck, orderRun, resumeWith } from './run-order.ts';
import { failAttempt } from './steps.ts';

/** A run stopped at a call it may not make yet. The answer replays exactly that call. */
export function runDeferred(draft: Draft, command: Extract<GoalCommand, { type: 'run-deferred' }>): void {
  const { attempt } = draft.liveRun(command.run);
  const { deferral } = command;
  const item =
    deferral.cause === 'answer'
      ? null
      : {
          kind: deferral.cause === 'permission' ? ('approval' as const) : ('question' as const),
          title: deferral.title,
          detail: deferral.detail,
        };
  putToWait(
    draft,
    attempt,
    { cause: deferral.cause, owner: deferral.owner, on: deferral.on, toolUseId: deferral.toolUseId },
    item,
  );
}

/** Resumes what waited for this message. */
export function messageAnswered(draft: Draft, message: string): void {
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (attempt.status === 'waiting' && attempt.wait?.cause === 'answer' && attempt.wait.on === message) {
      resumeWith(draft, attempt, 'allow', null);
    }
  }
}

/** Moves on what waited for money: the cap was raised. */
export function covered(draft: Draft): void {
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (attempt.status !== 'waiting' || attempt.wait?.cause !== 'budget') continue;
    const item = attempt.wait.on ? draft.goal.items[attempt.wait.on] : undefined;
    if (item && !item.closed)
      draft.emit({ type: 'item.closed', item: item.id, answer: 'retry', text: null, by: 'ceo' });
    orderRun(draft, attempt, 'resumed', {});
  }
}

/** A wait of the system's own is over. */
export function waitDue(draft: Draft, command: Extract<GoalCommand, { type: 'wait-due' }>): void {
  const attempt = draft.attempt(command.attempt);
  if (attempt.status !== 'waiting' || attempt.wait?.since !== command.since) return;
  // What waits for an effect or for somebody goes on when that is told, never because time went by.
  if (attempt.wait.until === null) return;
  if (attempt.runs.length === 0) return failAttempt(draft, attempt, attempt.wait.cause, attempt.wait.detail);
  if (attempt.wait.cause === 'conflict') return orderCheck(draft, attempt);
  orderRun(draft, attempt, 'recovered', {});
}
