import type { Attempt, Run } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { checkInOrder } from './collisions.ts';
import type { GoalCommand } from './command.ts';
import { consultOnStuck, isConsultation, whatWentWrong } from './consult.ts';
import { deadlineItem } from './deadline.ts';
import type { Draft } from './draft.ts';
import { refuseClaim, stoppedByGuard } from './guards.ts';
import { orderHandover } from './hand-over.ts';
import { putToWait } from './put-to-wait.ts';
import { hasJudged } from './review.ts';
import { orderCheck, orderRun, resume } from './run-order.ts';
import { endTask, failAttempt } from './steps.ts';
import { succeedAfterCrash, succeedLostSession } from './succession.ts';

/** Sessions one agent may fill at one attempt before the CEO is asked: a task that never ends is noticed. */
const MOST_SESSIONS = 10;

/** The workspace is there: the first run may go. */
export function prepared(draft: Draft, command: Extract<GoalCommand, { type: 'prepared' }>): void {
  const attempt = draft.attempt(command.attempt);
  if (attempt.status !== 'preparing') return;
  draft.emit({ type: 'attempt.prepared', attempt: attempt.id, base: command.base, workspace: command.workspace });
  const task = draft.task(attempt.task);
  const about = isConsultation(task) ? whatWentWrong(draft, task) : turnedDown(draft, attempt.task);
  orderRun(draft, draft.attempt(attempt.id), 'first', { about });
}

/** Titles of the plan that this planning task replaces: what was taken out when the task was added. */
function turnedDown(draft: Draft, id: string): PayloadRef[] {
  const task = draft.task(id);
  if (task.kind !== 'plan' || task.by !== 'ceo') return [];
  return Object.values(draft.goal.tasks)
    .filter((each) => each.kind === 'work' && each.status === 'cancelled' && each.endedAt === task.addedAt)
    .map((each) => each.title);
}

/** The workspace could not be made. */
export function unprepared(draft: Draft, command: Extract<GoalCommand, { type: 'unprepared' }>): void {
  const attempt = draft.attempt(command.attempt);
  if (attempt.status === 'preparing') failAttempt(draft, attempt, command.cause, draft.text(command.why));
}

/** The process is up. From here on the run's minutes count. */
export function runStarted(draft: Draft, command: Extract<GoalCommand, { type: 'run-started' }>): void {
  const { run, attempt } = draft.liveRun(command.run);
  if (run.status !== 'ordered' || attempt.status !== 'queued') return;
  const minutes = Math.min(draft.goal.limits.minutes, command.minutes ?? Number.POSITIVE_INFINITY);
  const until = draft.context.now + minutes * 60_000;
  draft.emit({ type: 'run.started', run: run.id, attempt: attempt.id, until });
}

/** The workspace was gone and is there again. */
export function restored(draft: Draft, command: Extract<GoalCommand, { type: 'restored' }>): void {
  const { run, attempt } = draft.liveRun(command.run);
  draft.emit({ type: 'attempt.restored', attempt: attempt.id, run: run.id, workspace: command.workspace });
}

/** The run has had its minutes. */
export function runOverdue(draft: Draft, id: string): void {
  const run = draft.goal.runs[id];
  if (run?.status !== 'running') return;
  draft.emit({ type: 'run.interrupt-ordered', run: id, attempt: run.attempt, by: 'system' });
}

/** A run ended; what follows depends on how, and on what the agent said it did. */
export function runEnded(draft: Draft, command: Extract<GoalCommand, { type: 'run-ended' }>): void {
  const run = draft.goal.runs[command.run];
  if (!run || run.status === 'ended') return;
  const detail = draft.text(command.detail);
  draft.emit({
    type: 'run.ended',
    run: run.id,
    attempt: run.attempt,
    outcome: command.outcome,
    detail,
    usage: command.usage,
    full: command.full ?? false,
  });
  const attempt = draft.attempt(run.attempt);
  if (attempt.runs.at(-1) !== run.id || !['queued', 'running', 'unknown'].includes(attempt.status)) return;
  follow(draft, draft.goal.runs[run.id] ?? run, attempt, detail);
}

function follow(draft: Draft, run: Run, attempt: Attempt, detail: PayloadRef | null): void {
  switch (run.outcome) {
    case 'completed':
      return turnEnded(draft, attempt, detail);
    case 'budget':
      return putToWait(
        draft,
        attempt,
        { cause: 'budget', owner: 'ceo' },
        itemOf('budget', 'The budget does not cover the next call. Raise the cap or stop?', detail),
      );
    case 'login':
      return putToWait(
        draft,
        attempt,
        { cause: 'login', owner: 'ceo' },
        itemOf('login', 'The model endpoint refused the login. Retry when it is fixed?', detail),
      );
    case 'turn-limit':
      return putToWait(
        draft,
        attempt,
        { cause: 'turns', owner: 'ceo' },
        itemOf('stuck', 'The run used all its turns. Let it go on?'),
      );
    case 'interrupted':
    case 'overdue':
      return interrupted(draft, run, attempt);
    case 'context-full':
      return contextFull(draft, run, attempt);
    case 'session-lost':
      return recover(draft, attempt, detail, true);
    case 'upstream':
      return retryUpstream(draft, attempt, detail);
    case 'lost':
      return lost(draft, attempt);
    default:
      return recover(draft, attempt, detail, false);
  }
}

const itemOf = (
  kind: 'budget' | 'login' | 'stuck' | 'interrupted' | 'upstream',
  title: string,
  detail: PayloadRef | null = null,
) => ({ kind, title, detail });

function interrupted(draft: Draft, run: Run, attempt: Attempt): void {
  const late = deadlineItem(draft, attempt.task);
  if (late) return putToWait(draft, attempt, { cause: 'deadline', owner: 'ceo', on: late.id }, null);
  if (draft.goal.held.includes(run.id)) return held(draft, attempt);
  if (stoppedByGuard(draft, run, attempt)) return;
  const overdue = run.until !== null && draft.context.now >= run.until;
  if (overdue) {
    return putToWait(
      draft,
      attempt,
      { cause: 'minutes', owner: 'ceo' },
      itemOf('stuck', `The run used its ${minutesOf(run)} minutes. Let it go on?`),
    );
  }
  putToWait(
    draft,
    attempt,
    { cause: 'interrupted', owner: 'ceo' },
    itemOf('interrupted', 'You interrupted this agent. Let it go on?'),
  );
}

/** Interrupted with the whole goal: nobody is asked, it goes on when the goal does, which may be already. */
function held(draft: Draft, attempt: Attempt): void {
  if (!draft.goal.paused) return resume(draft, attempt);
  putToWait(draft, attempt, { cause: 'interrupted', owner: 'ceo' }, null);
}

function minutesOf({ startedAt, until }: Run): number {
  return startedAt === null || until === null ? 0 : Math.round((until - startedAt) / 6_000) / 10;
}

/** The agent ended its turn: with a claim its work is checked, without one it is reminded. */
function turnEnded(draft: Draft, attempt: Attempt, detail: PayloadRef | null): void {
  const task = draft.task(attempt.task);
  const pending = attempt.awaits.filter((id) => !TASK_OVER.has(draft.task(id).status));
  if (attempt.claim?.kind === 'blocked') {
    if (isConsultation(task)) return giveUp(draft, attempt);
    if (consultOnStuck(draft, attempt, 'its agent says it cannot go on', attempt.claim.summary)) return;
    return putToWait(
      draft,
      attempt,
      { cause: 'stuck', owner: 'ceo' },
      itemOf('stuck', 'The agent says it cannot go on. Help it?', attempt.claim.summary),
    );
  }
  if (pending.length > 0 && attempt.claim === null) {
    return putToWait(
      draft,
      attempt,
      { cause: 'task', owner: doerOf(draft, pending[0] ?? ''), on: pending[0] ?? null },
      null,
    );
  }
  if (task.kind === 'reply' || (task.kind === 'review' && hasJudged(draft, attempt))) return complete(draft, attempt);
  if (task.kind === 'review') return remind(draft, attempt, detail);
  if (attempt.claim?.kind === 'done')
    return task.kind === 'plan' ? planEnded(draft, attempt) : checkInOrder(draft, attempt);
  if (task.kind === 'plan' && hasPlan(draft, task.id)) return complete(draft, attempt);
  remind(draft, attempt, detail);
}

/** Who works on a task, or will; the system when that is not settled yet. */
function doerOf(draft: Draft, id: string): string {
  const task = draft.task(id);
  const working = draft.goal.attempts[task.attempts.at(-1) ?? '']?.agent;
  if (working !== undefined) return working;
  if (task.assignee.kind === 'nobody') return 'ceo';
  return task.assignee.kind === 'agent' ? task.assignee.agent : 'system';
}

function hasPlan(draft: Draft, planTask: string): boolean {
  const agent = draft.goal.attempts[draft.task(planTask).attempts.at(-1) ?? '']?.agent;
  return Object.values(draft.goal.tasks).some(
    (task) => task.kind === 'work' && task.by === agent && task.status !== 'cancelled',
  );
}

function planEnded(draft: Draft, attempt: Attempt): void {
  if (hasPlan(draft, attempt.task)) return complete(draft, attempt);
  remind(draft, attempt, null);
}

/** The Lead sees no way: nothing is tried again, the CEO hears of what it was about. */
function giveUp(draft: Draft, attempt: Attempt): void {
  const cause = 'the Lead sees no way';
  draft.emit({
    type: 'attempt.ended',
    attempt: attempt.id,
    status: 'failed',
    cause,
    detail: attempt.claim?.summary ?? null,
  });
  endTask(draft, attempt.task, 'failed');
}

function remind(draft: Draft, attempt: Attempt, detail: PayloadRef | null): void {
  refuseClaim(draft, attempt, 'The agent ended its turn without saying that its task is done.', 'noticed');
  if (attempt.nudges < draft.goal.limits.nudges) return orderRun(draft, attempt, 'nudge', {});
  failAttempt(draft, attempt, 'ended without completing its task', detail);
}

function complete(draft: Draft, attempt: Attempt): void {
  draft.emit({ type: 'attempt.ended', attempt: attempt.id, status: 'completed', cause: 'done', detail: null });
  endTask(draft, attempt.task, 'done');
}

/** AIOS itself was gone: no fault of the agent's, so it does not count against it. */
function lost(draft: Draft, attempt: Attempt): void {
  if (attempt.claim?.kind === 'done' && draft.task(attempt.task).kind === 'work') return orderCheck(draft, attempt);
  resume(draft, attempt);
}

/** Its turn was ended between two calls, before the context was full: the same agent goes on in a fresh session. */
function contextFull(draft: Draft, run: Run, attempt: Attempt): void {
  if (draft.goal.held.includes(run.id)) return held(draft, attempt);
  if (attempt.claim?.kind === 'done' && draft.task(attempt.task).kind === 'work') return orderCheck(draft, attempt);
  const filled = attempt.trail.handoffs.filter((each) => each.cause === 'context').length;
  if (filled === 0 || filled % MOST_SESSIONS !== 0)
    return orderHandover(draft, attempt, { to: attempt.agent, cause: 'context' });
  putToWait(
    draft,
    attempt,
    { cause: 'stuck', owner: 'ceo' },
    itemOf('stuck', `The agent has filled ${filled} sessions with this task. Let it go on?`),
  );
}

/** The process is gone without a word: its session is resumed, a few times; then somebody succeeds it. */
function recover(draft: Draft, attempt: Attempt, detail: PayloadRef | null, sessionLost: boolean): void {
  if (attempt.claim?.kind === 'done' && draft.task(attempt.task).kind === 'work') return orderCheck(draft, attempt);
  if (attempt.recoveries < draft.goal.limits.recoveries)
    return sessionLost ? succeedLostSession(draft, attempt) : orderRun(draft, attempt, 'recovered', {});
  if (succeedAfterCrash(draft, attempt)) return;
  failAttempt(draft, attempt, 'its process kept dying', detail);
}

const UPSTREAM_BACKOFF_MS = [5_000, 15_000, 45_000, 120_000];

function retryUpstream(draft: Draft, attempt: Attempt, detail: PayloadRef | null): void {
  const backoff = UPSTREAM_BACKOFF_MS[attempt.recoveries];
  if (backoff !== undefined && attempt.recoveries < draft.goal.limits.recoveries) {
    draft.emit({
      type: 'attempt.waits',
      attempt: attempt.id,
      detail,
      wait: { cause: 'upstream', owner: 'system', on: null, toolUseId: null, until: draft.context.now + backoff },
    });
    return;
  }
  putToWait(
    draft,
    attempt,
    { cause: 'upstream', owner: 'ceo' },
    itemOf('upstream', 'The model endpoint keeps failing. Try again?', detail),
  );
}
