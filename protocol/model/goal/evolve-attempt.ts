import type { GoalEvent } from './event.ts';
import type { Attempt, Goal, Run, Task } from './state.ts';
import type { AttemptStatus, TaskStatus } from './status.ts';
import { NO_TRAIL } from './trail.ts';

/** Events about attempts and their runs. */
export type AttemptEvent = Extract<GoalEvent, { attempt: string }> &
  Exclude<GoalEvent, { type: 'item.opened' | 'plan.proposed' | 'review.given' }>;

function withAttempt(goal: Goal, id: string, at: number, change: (attempt: Attempt) => Partial<Attempt>): Goal {
  const attempt = goal.attempts[id];
  if (!attempt) return goal;
  return { ...goal, attempts: { ...goal.attempts, [id]: { ...attempt, ...change(attempt), changedAt: at } } };
}

function withRun(goal: Goal, id: string, change: Partial<Run>): Goal {
  const run = goal.runs[id];
  return run ? { ...goal, runs: { ...goal.runs, [id]: { ...run, ...change } } } : goal;
}

function withTaskStatus(goal: Goal, id: string, status: TaskStatus): Goal {
  const task = goal.tasks[id];
  return task ? { ...goal, tasks: { ...goal.tasks, [id]: { ...task, status } } } : goal;
}

function started(goal: Goal, event: Extract<AttemptEvent, { type: 'attempt.started' }>, at: number): Goal {
  const task = goal.tasks[event.task];
  if (!task) return goal;
  const attempt: Attempt = {
    id: event.attempt,
    task: event.task,
    agent: event.agent,
    number: event.number,
    session: event.session,
    status: 'preparing',
    base: null,
    workspace: null,
    runs: [],
    wait: null,
    claim: null,
    allowed: [],
    awaits: [],
    note: null,
    fixes: 0,
    nudges: 0,
    recoveries: 0,
    handedFrom: [],
    check: null,
    commit: null,
    mergeCommit: null,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    startedAt: at,
    changedAt: at,
    cause: null,
    detail: null,
    trail: NO_TRAIL,
  };
  const active: Task = { ...task, status: 'active', attempts: [...task.attempts, attempt.id] };
  return {
    ...goal,
    tasks: { ...goal.tasks, [task.id]: active },
    attempts: { ...goal.attempts, [attempt.id]: attempt },
  };
}

const COUNTS: Partial<Record<Run['reason'], 'fixes' | 'nudges' | 'recoveries'>> = {
  'check-failed': 'fixes',
  'merge-rejected': 'fixes',
  conflict: 'fixes',
  nudge: 'nudges',
  recovered: 'recoveries',
};

function runOrdered(goal: Goal, event: Extract<AttemptEvent, { type: 'run.ordered' }>, at: number): Goal {
  const attempt = goal.attempts[event.attempt];
  if (!attempt) return goal;
  const run: Run = {
    id: event.run,
    attempt: event.attempt,
    agent: attempt.agent,
    reason: event.reason,
    resume: event.resume,
    status: 'ordered',
    outcome: null,
    orderedAt: at,
    startedAt: null,
    endedAt: null,
    until: null,
    usage: null,
  };
  const counter = COUNTS[event.reason];
  const withCount = counter ? { [counter]: attempt[counter] + 1 } : {};
  const claim =
    event.reason === 'nudge' || event.reason === 'resolved' || event.reason === 'answered' ? attempt.claim : null;
  return withAttempt({ ...goal, runs: { ...goal.runs, [run.id]: run } }, event.attempt, at, () => ({
    status: 'queued',
    wait: null,
    session: event.session ?? attempt.session,
    claim,
    runs: [...attempt.runs, run.id],
    ...withCount,
  }));
}

const LOST: ReadonlySet<string> = new Set(['lost', 'crashed']);
const LIVE: ReadonlySet<AttemptStatus> = new Set(['queued', 'running']);

const AFTER_CHECK: Record<string, AttemptStatus> = { passed: 'merge-queued' };

function checkEnded(goal: Goal, event: Extract<AttemptEvent, { type: 'check.ended' }>, at: number): Goal {
  const next = event.next === undefined ? AFTER_CHECK[event.result] : undefined;
  const changed = withAttempt(goal, event.attempt, at, (attempt) => ({
    status: next ?? attempt.status,
    wait: next ? null : attempt.wait,
    commit: event.commit ?? attempt.commit,
    files: event.files,
    areas: event.areas ?? attempt.areas,
    check: { result: event.result, exitCode: event.exitCode, output: event.output },
  }));
  const before = goal.attempts[event.attempt];
  const took = before?.status === 'verifying' && event.exitCode !== null ? at - before.changedAt : goal.checkMs;
  const timed = { ...changed, checkMs: took };
  return next === 'merge-queued' ? queued(timed, event.attempt) : timed;
}

function queued(goal: Goal, attempt: string): Goal {
  return { ...goal, mergeQueue: [...goal.mergeQueue, attempt] };
}

function passed(goal: Goal, id: string, why: 'review' | 'race', at: number): Goal {
  const released = withAttempt(goal, id, at, () => ({ status: 'merge-queued', wait: null }));
  const task = goal.tasks[goal.attempts[id]?.task ?? ''];
  const decided = task && why === 'race' ? { ...released.tasks, [task.id]: { ...task, raced: true } } : released.tasks;
  return queued({ ...released, tasks: decided }, id);
}

function unqueued(goal: Goal, attempt: string): Goal {
  const without = (ids: readonly string[]) => ids.filter((id) => id !== attempt);
  return { ...goal, mergeQueue: without(goal.mergeQueue), batch: without(goal.batch) };
}

function ended(goal: Goal, event: Extract<AttemptEvent, { type: 'attempt.ended' }>, at: number): Goal {
  const changed = withAttempt(goal, event.attempt, at, () => ({
    status: event.status,
    wait: null,
    cause: event.cause,
    detail: event.detail,
  }));
  return unqueued(changed, event.attempt);
}

function waits(goal: Goal, event: Extract<AttemptEvent, { type: 'attempt.waits' }>, at: number): Goal {
  const changed = withAttempt(goal, event.attempt, at, () => ({
    status: 'waiting',
    wait: { ...event.wait, since: at, detail: event.detail },
  }));
  const task = goal.attempts[event.attempt]?.task;
  return event.wait.cause === 'unverified' && task ? withTaskStatus(changed, task, 'unverified') : changed;
}

function claimed(goal: Goal, event: Extract<AttemptEvent, { type: 'attempt.claimed' }>, at: number): Goal {
  const { claim: kind, summary, result, items } = event;
  return withAttempt(goal, event.attempt, at, () => ({ claim: { kind, summary, result, items } }));
}

/** The part of `evolveGoal` about attempts. Total over its events. */
export function evolveAttempt(goal: Goal, event: AttemptEvent, at: number): Goal {
  switch (event.type) {
    case 'attempt.started':
      return started(goal, event, at);
    case 'attempt.prepared':
      return withAttempt(goal, event.attempt, at, () => ({ base: event.base, workspace: event.workspace }));
    case 'run.ordered':
      return runOrdered(goal, event, at);
    case 'run.started':
      return withAttempt(
        withRun(goal, event.run, { status: 'running', startedAt: at, until: event.until }),
        event.attempt,
        at,
        () => ({ status: 'running' }),
      );
    case 'run.interrupt-ordered':
    case 'attempt.handover-ordered':
    case 'attempt.handed-over':
    case 'attempt.restored':
      return goal;
    case 'run.ended':
      return withAttempt(
        withRun(goal, event.run, { status: 'ended', outcome: event.outcome, endedAt: at, usage: event.usage }),
        event.attempt,
        at,
        (attempt) => {
          // A run that a newer one has replaced says nothing about the attempt any more.
          const newest = attempt.runs.at(-1) === event.run;
          return newest && LOST.has(event.outcome) && LIVE.has(attempt.status) ? { status: 'unknown' } : {};
        },
      );
    case 'attempt.waits':
      return waits(goal, event, at);
    case 'attempt.claimed':
      return claimed(goal, event, at);
    case 'attempt.awaits':
      return withAttempt(goal, event.attempt, at, (attempt) => ({ awaits: [...attempt.awaits, event.task] }));
    case 'attempt.progressed':
      return withAttempt(goal, event.attempt, at, () => ({ note: event.note }));
    case 'check.ordered':
      return withAttempt(goal, event.attempt, at, () => ({ status: 'verifying', wait: null }));
    case 'check.ended':
      return checkEnded(goal, event, at);
    case 'attempt.passed':
      return passed(goal, event.attempt, event.why, at);
    case 'merge.ordered':
      return withAttempt(goal, event.attempt, at, () => ({ status: 'merging' }));
    case 'merge.ended':
      return withAttempt(unqueued(goal, event.attempt), event.attempt, at, () => ({
        mergeCommit: event.result === 'merged' ? event.commit : null,
      }));
    case 'attempt.handed':
      return withAttempt(goal, event.attempt, at, (attempt) => ({
        agent: event.to,
        fixes: 0,
        handedFrom: [...attempt.handedFrom, attempt.agent],
      }));
    case 'attempt.ended':
      return ended(goal, event, at);
  }
}
