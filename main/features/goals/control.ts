import { childrenOf } from '#protocol/model/goal/branch.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { orderRun, resume } from './run-order.ts';
import { cancelAttempt, endTask, retry } from './steps.ts';

/** Stops everything. The goal can be continued; what was spent stays spent. */
export function stop(draft: Draft, by: string): void {
  if (draft.goal.status === 'stopped' || draft.goal.status === 'accepted') return;
  draft.emit({ type: 'goal.stopped', by });
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (ATTEMPT_OVER.has(attempt.status)) continue;
    cancelAttempt(draft, attempt.id, 'the goal was stopped');
    if (draft.task(attempt.task).status !== 'done') draft.emit({ type: 'task.reopened', task: attempt.task });
  }
}

/** Interrupts the run of one agent; its session stays resumable. */
export function interrupt(draft: Draft, agent: string, by: string): void {
  const run = Object.values(draft.goal.runs).find((each) => each.agent === agent && each.status !== 'ended');
  if (!run)
    return refuseWith('not-running', 'This agent is not running.', 'It has no run.', 'Nothing is to be interrupted.');
  draft.emit({ type: 'run.interrupt-ordered', run: run.id, attempt: run.attempt, by });
}

/** Lets an interrupted agent go on. */
export function resumeAgent(draft: Draft, agent: string, by: string): void {
  const attempt = Object.values(draft.goal.attempts).find(
    (each) => each.agent === agent && each.status === 'waiting' && each.wait?.cause === 'interrupted',
  );
  if (!attempt)
    return refuseWith(
      'not-interrupted',
      'This agent was not interrupted.',
      'It has nothing to go on with.',
      'Look at what it waits for.',
    );
  const item = attempt.wait?.on;
  if (item) draft.emit({ type: 'item.closed', item, answer: 'retry', text: null, by });
  orderRun(draft, attempt, 'resumed', {});
}

/** Cancels one task and what runs for it. */
export function cancelTask(draft: Draft, id: string): void {
  const task = draft.task(id);
  for (const attempt of task.attempts) cancelAttempt(draft, attempt, 'the task was cancelled');
  // A sub-plan goes with all that is in it.
  for (const child of childrenOf(draft.goal, id)) if (!TASK_OVER.has(child.status)) cancelTask(draft, child.id);
  endTask(draft, id, 'cancelled');
}

/** Gives a failed task another attempt. */
export function retryTask(draft: Draft, id: string, by: string): void {
  if (draft.task(id).status !== 'failed')
    refuseWith(
      'not-failed',
      'The task has not failed.',
      `It is ${draft.task(id).status}.`,
      'Only failed tasks are retried.',
    );
  retry(draft, id, by);
}

/** Pauses the goal and interrupts all that runs, in one step. */
export function hold(draft: Draft, by: string): void {
  const { status, paused, held } = draft.goal;
  if (status === 'stopped' || status === 'accepted') return;
  const runs = Object.values(draft.goal.runs).filter((run) => run.status !== 'ended' && !held.includes(run.id));
  if (paused && runs.length === 0) return;
  draft.emit({ type: 'goal.held', runs: runs.map((run) => run.id), by });
  for (const run of runs) draft.emit({ type: 'run.interrupt-ordered', run: run.id, attempt: run.attempt, by });
}

/** Lets a paused or stopped goal go on, and whatever was interrupted together with it. */
export function goOn(draft: Draft, by: string): void {
  if (draft.goal.status === 'accepted') return;
  const held = new Set(draft.goal.held);
  draft.emit({ type: 'goal.continued', by });
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (attempt.status !== 'waiting' || attempt.wait?.cause !== 'interrupted') continue;
    if (attempt.wait.on === null && held.has(attempt.runs.at(-1) ?? '')) resume(draft, attempt);
  }
}

/** Brings the goal's branch to the CEO's. */
export function acceptGoal(draft: Draft, command: Extract<GoalCommand, { type: 'accept' }>): void {
  if (draft.goal.status !== 'ready') {
    refuseWith(
      'not-ready',
      'The goal cannot be accepted yet.',
      `It is ${draft.goal.status ?? 'not stated'}.`,
      'Wait until all its tasks are merged.',
    );
  }
  if (draft.goal.accepting) return;
  draft.emit({ type: 'accept.ordered', by: command.by, target: command.target });
}
