import type { Assignee } from '#protocol/model/goal/parts.ts';
import { agentsFor, crewOf } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Item, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { orderRun } from './run-order.ts';
import { cancelAttempt, endTask } from './steps.ts';

/** Who may judge an attempt: the role that is wanted, else anybody; never its author. */
export function reviewersOf(goal: Goal, role: string, author: string): string[] {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== author);
  const wanted = others(agentsFor(goal, { kind: 'role', role }, 'review'));
  return wanted.length > 0 ? wanted : others(crewOf(goal).map((agent) => agent.id));
}

/** Holds work that passed its check back until another agent has judged its diff; nobody else there: the CEO is asked. */
export function requestReview(draft: Draft, attempt: Attempt): void {
  const task = draft.task(attempt.task);
  const role = task.spec?.review?.role ?? '';
  const [reviewer, ...rest] = reviewersOf(draft.goal, role, attempt.agent);
  if (reviewer === undefined) return askCeo(draft, attempt, 'Nobody else in the crew can review this. Merge it?');
  const ofRole = draft.goal.agents[reviewer]?.role === role;
  const assignee: Assignee =
    ofRole && rest.length > 0 && draft.goal.agents[attempt.agent]?.role !== role
      ? { kind: 'role', role }
      : { kind: 'agent', agent: reviewer };
  const review = draft.id('task');
  draft.emit({
    type: 'task.added',
    task: review,
    kind: 'review',
    title: task.title,
    brief: task.brief,
    assignee,
    dependsOn: [],
    proposed: false,
    by: 'system',
    about: attempt.id,
  });
  putToWait(draft, attempt, { cause: 'review', owner: reviewer, on: review }, null);
}

function askCeo(draft: Draft, attempt: Attempt, title: string, detail: PayloadRef | null = null): void {
  putToWait(draft, attempt, { cause: 'review', owner: 'ceo' }, { kind: 'review', title, detail });
}

/** The attempt a review task is about, while it waits for exactly this review. */
function judgedBy(draft: Draft, review: Task): Attempt | undefined {
  const attempt = draft.goal.attempts[review.about ?? ''];
  return attempt?.status === 'waiting' && attempt.wait?.on === review.id ? attempt : undefined;
}

/** A reviewer's verdict. Changes go back to the author with the comments, at most as often as the goal allows fixes. */
export function review(draft: Draft, command: Extract<GoalCommand, { type: 'review' }>): void {
  const { attempt: own } = draft.liveRun(command.run);
  const task = draft.task(own.task);
  if (task.kind !== 'review')
    refuseWith('not-reviewing', 'This task is not a review.', 'You were given other work.', 'Use complete_task.');
  const judged = judgedBy(draft, task);
  if (!judged)
    return refuseWith(
      'already-judged',
      'This work waits for no verdict any more.',
      'It was judged already, or it is over.',
      'End your turn.',
    );
  const comments = draft.context.keep(command.comments);
  const { approved } = command;
  draft.emit({
    type: 'review.given',
    attempt: judged.id,
    task: task.id,
    by: own.agent,
    approved,
    comments,
    commit: judged.commit,
  });
  if (approved) return draft.emit({ type: 'attempt.passed', attempt: judged.id, why: 'review' });
  const sentBack = draft.task(judged.task).sentBack ?? 0;
  if (sentBack > draft.goal.limits.fixes)
    return askCeo(draft, judged, `Sent back ${sentBack} times and still not approved. Merge it anyway?`, comments);
  orderRun(draft, judged, 'reviewed', { about: [comments] });
}

/** Whether the reviewer of this attempt has said what it thinks. */
export function hasJudged(draft: Draft, own: Attempt): boolean {
  return judgedBy(draft, draft.task(own.task)) === undefined;
}

/** The CEO's word on work that nobody in the crew could or would decide on. */
export function answerReview(draft: Draft, item: Item, allowed: boolean, text: PayloadRef | null): void {
  const attempt = draft.goal.attempts[item.attempt ?? ''];
  if (attempt?.status !== 'waiting' || attempt.wait?.on !== item.id) return;
  const comments = text ?? draft.context.keep(allowed ? 'Merge it.' : 'Not like this.');
  draft.emit({
    type: 'review.given',
    attempt: attempt.id,
    task: attempt.task,
    by: 'ceo',
    approved: allowed,
    comments,
    commit: attempt.commit,
  });
  if (allowed) draft.emit({ type: 'attempt.passed', attempt: attempt.id, why: 'review' });
  else orderRun(draft, attempt, 'reviewed', { about: [comments] });
}

/**
 * Reviews that lead nowhere: of work that is over they are taken out; where the reviewer failed or was taken away, the CEO
 * decides. Called after every command, so that no author waits for nobody.
 */
export function settleReviews(draft: Draft): void {
  for (const { id } of Object.values(draft.goal.tasks).filter((task) => task.kind === 'review')) {
    const task = draft.task(id);
    if (!TASK_OVER.has(task.status) && judgedBy(draft, task) === undefined && !isWriting(draft, task)) {
      for (const attempt of task.attempts) cancelAttempt(draft, attempt, 'the work is over');
      endTask(draft, task.id, 'cancelled');
    }
    const waiting = TASK_OVER.has(task.status) ? judgedBy(draft, task) : undefined;
    if (waiting) askCeo(draft, waiting, 'The review came to nothing. Merge the work without it?');
  }
}

/** The verdict is given and the reviewer's turn is about to end. */
function isWriting(draft: Draft, task: Task): boolean {
  const attempt = draft.goal.attempts[task.attempts.at(-1) ?? ''];
  const given = draft.goal.attempts[task.about ?? '']?.verdict;
  return attempt !== undefined && !ATTEMPT_OVER.has(attempt.status) && given?.by === attempt.agent;
}
