import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, OCCUPYING, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { Draft } from './draft.ts';
import { agentsFor } from './plan.ts';
import { orderRun, sessionId } from './steps.ts';

/** Everything that follows from the state without anybody asking: starts, merges, wake-ups, the end. */
export function schedule(draft: Draft): void {
  if (!draft.goal.status || draft.goal.status === 'stopped' || draft.goal.status === 'accepted') return;
  wakeDelegators(draft);
  startMerge(draft);
  if (!draft.goal.paused) startTasks(draft);
  finish(draft);
}

function wakeDelegators(draft: Draft): void {
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (attempt.status !== 'waiting' || attempt.wait?.cause !== 'task') continue;
    const tasks = attempt.awaits.map((id) => draft.task(id));
    if (!tasks.every((task) => TASK_OVER.has(task.status))) continue;
    orderRun(draft, attempt, 'task-done', { about: tasks.map((task) => task.title) });
  }
}

/** One merge at a time: the target is the goal's branch. */
function startMerge(draft: Draft): void {
  const { attempts, mergeQueue } = draft.goal;
  if (Object.values(attempts).some((attempt) => attempt.status === 'merging')) return;
  const next = mergeQueue[0];
  if (next) draft.emit({ type: 'merge.ordered', attempt: next });
}

/** Tasks whose time has come: open, and everything before them done. A failed dependency holds its followers. */
export function readyTasks(goal: Goal): Task[] {
  const approved = goal.status !== 'awaiting-approval';
  return Object.values(goal.tasks).filter(
    (task) =>
      task.status === 'open' &&
      (approved || task.kind !== 'work') &&
      task.dependsOn.every((on) => goal.tasks[on]?.status === 'done' || goal.tasks[on]?.status === 'cancelled'),
  );
}

function startTasks(draft: Draft): void {
  for (const task of readyTasks(draft.goal)) {
    const agent = pickAgent(draft.goal, task);
    if (agent === undefined) continue;
    draft.emit({
      type: 'attempt.started',
      attempt: draft.id('att'),
      task: task.id,
      agent,
      number: task.attempts.length + 1,
      session: sessionId(draft),
    });
  }
}

/** An agent works on one thing at a time; one that waits may still answer messages, one after the other. */
function pickAgent(goal: Goal, task: Task): string | undefined {
  const free = agentsFor(goal, task.assignee).filter((agent) => {
    const open = Object.values(goal.attempts).filter(
      (attempt) => attempt.agent === agent && !ATTEMPT_OVER.has(attempt.status),
    );
    if (task.kind !== 'reply') return open.length === 0;
    return !open.some((attempt) => OCCUPYING.has(attempt.status) || goal.tasks[attempt.task]?.kind === 'reply');
  });
  return free.sort((a, b) => workload(goal, a) - workload(goal, b))[0];
}

function workload(goal: Goal, agent: string): number {
  return Object.values(goal.attempts).filter((attempt: Attempt) => attempt.agent === agent).length;
}

/** A reply that failed holds nobody up: its question expires by itself. */
function isSettled(task: Task): boolean {
  return task.status === 'done' || task.status === 'cancelled' || (task.status === 'failed' && task.kind === 'reply');
}

/** All done: the goal waits for the CEO. Nothing moves and something failed: it is stuck and says so. */
function finish(draft: Draft): void {
  const { goal } = draft;
  if (goal.status === 'ready' || goal.status === 'verifying' || goal.status === 'awaiting-approval') return;
  const tasks = Object.values(goal.tasks);
  const open = Object.values(goal.attempts).some((attempt) => !ATTEMPT_OVER.has(attempt.status));
  if (open || tasks.length === 0) return;
  if (tasks.every(isSettled)) {
    if (tasks.some((task) => task.status === 'done' && task.kind === 'work')) return startGoalCheck(draft);
    return stuck(draft, 'No work was planned.');
  }
  if (readyTasks(goal).length > 0 || goal.status === 'stuck') return;
  if (tasks.some((task) => task.status === 'failed')) stuck(draft, null);
}

/** After a failed check of the whole, only new work or the CEO's word checks it again. */
function startGoalCheck(draft: Draft): void {
  if (draft.goal.status !== 'stuck') draft.emit({ type: 'goal.check-ordered' });
}

function stuck(draft: Draft, why: string | null): void {
  if (draft.goal.status === 'stuck') return;
  const open = Object.values(draft.goal.items).find((item) => item.kind === 'stuck' && !item.closed);
  if (open && why === null) return draft.emit({ type: 'goal.stuck', item: open.id });
  const item = draft.id('item');
  draft.emit({
    type: 'item.opened',
    item,
    kind: 'stuck',
    task: null,
    attempt: null,
    title: draft.context.keep(why ?? 'A task failed and others wait for it.'),
    detail: null,
  });
  draft.emit({ type: 'goal.stuck', item });
}
