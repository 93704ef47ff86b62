import type { Attempt } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { note } from './collisions.ts';
import type { GoalCommand, MergeEnd } from './command.ts';
import type { Draft } from './draft.ts';
import { refuseClaim } from './guards.ts';
import { placeConflict } from './placing.ts';
import { putToWait } from './put-to-wait.ts';
import { racesOn, reachGoal } from './race.ts';
import { requestReview } from './review.ts';
import { orderRun } from './run-order.ts';
import { endTask, failAttempt } from './steps.ts';

type Checked = Extract<GoalCommand, { type: 'checked' }>;

/** Why a claim is not taken for done, by what its check found. */
const REFUSED: Readonly<Partial<Record<Checked['result'], (exitCode: number | null) => string>>> = {
  failed: (exitCode) =>
    `The agent said it is done; the check of its work ended with ${exitCode === null ? 'no exit code' : `exit code ${exitCode}`}.`,
  none: () => 'The agent said it is done; no verify command proves it.',
  empty: () => 'The agent said it is done; it changed nothing.',
};

/** The check of an attempt's work is over. */
export function checked(draft: Draft, command: Checked): void {
  const attempt = draft.attempt(command.attempt);
  if (attempt.status !== 'verifying') return;
  const output = draft.text(command.output);
  const next = command.result === 'passed' ? heldBackFor(draft, attempt) : undefined;
  draft.emit({
    type: 'check.ended',
    attempt: attempt.id,
    ...(next === undefined ? {} : { next }),
    result: command.result,
    commit: command.commit,
    exitCode: command.exitCode,
    output,
    files: command.files,
    ...(command.areas === undefined ? {} : { areas: [...command.areas] }),
  });
  const disagrees = command.result === 'failed' && (command.others ?? []).length > 0;
  const claimed = attempt.claim?.kind === 'done' && !disagrees ? REFUSED[command.result] : undefined;
  if (claimed !== undefined) refuseClaim(draft, attempt, claimed(command.exitCode));
  switch (command.result) {
    case 'passed':
      return holdBack(draft, attempt.id, next);
    case 'none':
      return putToWait(
        draft,
        attempt,
        { cause: 'unverified', owner: 'ceo' },
        {
          kind: 'unverified',
          title: 'No verify command proves this work. Accept the diff?',
          detail: command.output,
        },
      );
    case 'empty':
      return emptyWork(draft, attempt, command.output);
    case 'failed':
      if (!disagrees) return backToAuthor(draft, attempt, 'check-failed', output, 'its work kept failing the check');
      noteDisagreement(draft, attempt, { others: command.others, files: command.otherFiles });
      return backToAuthor(draft, attempt, 'merge-rejected', output, 'its work kept failing the check after merging');
    case 'conflict':
      return placeConflict(draft, draft.attempt(attempt.id), output, command.others ?? []);
    case 'error':
      return failAttempt(draft, attempt, 'the check could not run', output);
  }
}

/** What stands between work that passed and the merge queue: the others in a race, then a review. */
function heldBackFor(draft: Draft, attempt: Attempt): 'race' | 'review' | undefined {
  const task = draft.task(attempt.task);
  const { race, review } = task.spec ?? {};
  const others = task.attempts.some((id) => id !== attempt.id && !ATTEMPT_OVER.has(draft.attempt(id).status));
  if (race !== undefined && task.raced !== true && (others || racesOn(draft.goal, task))) return 'race';
  return review === undefined ? undefined : 'review';
}

function holdBack(draft: Draft, id: string, next: 'race' | 'review' | undefined): void {
  if (next === 'race') reachGoal(draft, draft.attempt(id));
  if (next === 'review') requestReview(draft, draft.attempt(id));
}

/** A claim without work proves nothing: whether there was nothing to do is the CEO's to say. */
function emptyWork(draft: Draft, attempt: Attempt, output: string): void {
  putToWait(
    draft,
    attempt,
    { cause: 'unverified', owner: 'ceo' },
    {
      kind: 'unverified',
      title: 'The agent says it is done but changed nothing. Accept that?',
      detail: output,
    },
  );
}

/** The check of the whole goal is over. */
export function goalChecked(draft: Draft, command: Extract<GoalCommand, { type: 'goal-checked' }>): void {
  if (draft.goal.status !== 'verifying') return;
  const output = draft.text(command.output);
  draft.emit({
    type: 'goal.check-ended',
    result: command.result,
    commit: command.commit,
    exitCode: command.exitCode,
    output,
  });
  if (command.result === 'passed') return;
  const item = draft.id('item');
  draft.emit({
    type: 'item.opened',
    item,
    kind: 'stuck',
    task: null,
    attempt: null,
    detail: output,
    title: draft.context.keep('All tasks are merged, but the check of the whole goal fails.'),
  });
  draft.emit({ type: 'goal.stuck', item });
}

/** The merge of an attempt is over. */
export function merged(draft: Draft, command: MergeEnd): void {
  const attempt = draft.attempt(command.attempt);
  if (attempt.status !== 'merging') return;
  const output = draft.text(command.output);
  draft.emit({ type: 'merge.ended', attempt: attempt.id, result: command.result, commit: command.commit, output });
  switch (command.result) {
    case 'merged':
    case 'nothing':
      draft.emit({
        type: 'attempt.ended',
        attempt: attempt.id,
        status: command.result === 'merged' ? 'merged' : 'completed',
        cause: 'done',
        detail: null,
      });
      return endTask(draft, attempt.task, 'done');
    case 'conflict':
      return placeConflict(draft, draft.attempt(attempt.id), output, command.others ?? []);
    case 'rejected':
      // Each side passed alone.
      if (attempt.check?.result === 'passed') noteDisagreement(draft, attempt, command);
      return backToAuthor(draft, attempt, 'merge-rejected', output, 'its work kept failing the check after merging');
    case 'error':
      return failAttempt(draft, attempt, 'the merge could not run', output);
  }
}

/** Both sides disagree about something git cannot see. */
function noteDisagreement(
  draft: Draft,
  attempt: Attempt,
  {
    others = [],
    files = [],
  }: { readonly others?: readonly string[] | undefined; readonly files?: readonly string[] | undefined },
): void {
  const [other] = others;
  if (other === undefined) return;
  const collision = `${other}~${attempt.id}~check`;
  note(draft, { collision, kind: 'semantic', attempts: [other, attempt.id], elsewhere: null, files });
}

function backToAuthor(
  draft: Draft,
  attempt: Attempt,
  reason: 'check-failed' | 'merge-rejected',
  output: PayloadRef | null,
  cause: string,
): void {
  if (attempt.fixes >= draft.goal.limits.fixes) return failAttempt(draft, attempt, cause, output);
  orderRun(draft, attempt, reason, { about: output ? [output] : [] });
}
