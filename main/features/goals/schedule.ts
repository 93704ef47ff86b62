import { isSettled } from '#protocol/model/goal/branch.ts';
import { type AssignmentReason, choose, type Experience, lessonsOf, pooled } from '#protocol/model/goal/expertise.ts';
import { agentsFor, readyTasks } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, OCCUPYING, TASK_OVER } from '#protocol/model/goal/status.ts';
import { clearEnded, wakeSequenced } from './collisions.ts';
import { settleConsultations } from './consult.ts';
import { setDeadline } from './deadline.ts';
import type { Draft } from './draft.ts';
import { startMerge } from './merging.ts';
import { movesByItself, settleNodes } from './nodes.ts';
import { racesOn, settleRaces } from './race.ts';
import { settleReviews } from './review.ts';
import { orderRun, sessionId } from './run-order.ts';
import { startSuccessors } from './succession.ts';

/** Everything that follows from the state without anybody asking: starts, merges, wake-ups, the end. */
export function schedule(draft: Draft): void {
  if (!draft.goal.status || draft.goal.status === 'stopped' || draft.goal.status === 'accepted')
    return clearEnded(draft);
  wakeDelegators(draft);
  settleConsultations(draft);
  settleRaces(draft);
  settleReviews(draft);
  settleNodes(draft);
  clearEnded(draft);
  wakeSequenced(draft);
  startMerge(draft);
  startSuccessors(draft);
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

function startTasks(draft: Draft): void {
  const racing = Object.values(draft.goal.tasks).filter((task) => racesOn(draft.goal, task));
  const ready = [...racing, ...readyTasks(draft.goal)];
  if (ready.length === 0) return;
  const crew = workloads(draft.goal);
  const known = pooled([...(draft.goal.expertise ?? []), ...lessonsOf(draft.goal)]);
  // One more turn for each racer.
  for (const task of ready.flatMap((each) => Array.from({ length: each.spec?.race ?? 1 }, () => each))) {
    const begun = draft.task(task.id).status !== 'open';
    if (begun && !racesOn(draft.goal, draft.task(task.id))) continue;
    const picked = pickAgent(draft.goal, draft.task(task.id), crew, known);
    const load = crew.get(picked?.agent ?? '');
    if (picked === undefined || load === undefined) continue;
    const attempt = draft.id('att');
    draft.emit({
      type: 'attempt.started',
      attempt,
      task: task.id,
      agent: picked.agent,
      number: draft.task(task.id).attempts.length + 1,
      session: sessionId(draft),
      ...(task.kind === 'work' ? { reason: picked.reason } : {}),
    });
    setDeadline(draft, task.id);
    load.all += 1;
    load.open.push(draft.attempt(attempt));
  }
}

interface Load {
  /** Attempts it ever had, for a fair share. */
  all: number;
  readonly open: Attempt[];
}

/** Counted once a decision: plans may have thousands of tasks. */
function workloads(goal: Goal): Map<string, Load> {
  const loads = new Map<string, Load>(Object.keys(goal.agents).map((agent) => [agent, { all: 0, open: [] }]));
  for (const attempt of Object.values(goal.attempts)) {
    const load = loads.get(attempt.agent);
    if (!load) continue;
    load.all += 1;
    if (!ATTEMPT_OVER.has(attempt.status)) load.open.push(attempt);
  }
  return loads;
}

/** An agent works on one thing at a time; one that waits may still answer messages, one after the other. */
function pickAgent(
  goal: Goal,
  task: Task,
  crew: ReadonlyMap<string, Load>,
  known: readonly Experience[],
): { readonly agent: string; readonly reason: AssignmentReason } | undefined {
  // Nobody races against itself or judges its own work.
  const barred = new Set(racesOn(goal, task) ? task.attempts.map((id) => goal.attempts[id]?.agent) : []);
  if (task.kind === 'review') barred.add(goal.attempts[task.about ?? '']?.agent);
  const able = agentsFor(goal, task.assignee, task.kind).filter(
    (agent) => !goal.pausedAgents.includes(agent) && !barred.has(agent),
  );
  const free = bestSuited(goal, task, able, crew).filter((agent) => {
    const open = crew.get(agent)?.open ?? [];
    if (!isSide(task)) return open.length === 0;
    return !open.some((attempt) => OCCUPYING.has(attempt.status) || isSide(goal.tasks[attempt.task]));
  });
  return choose(
    goal,
    known,
    task,
    free.map((agent) => ({ agent, load: crew.get(agent)?.all ?? 0 })),
  );
}

/**
 * Who should do what anyone may do: not those who could probably not write what it needs, unless everybody else waits for
 * something, perhaps for this.
 */
function bestSuited(
  goal: Goal,
  { assignee, kind }: Task,
  able: readonly string[],
  crew: ReadonlyMap<string, Load>,
): readonly string[] {
  if (assignee.kind !== 'anyone' || kind !== 'work') return able;
  const waits = (id: string) => crew.get(id)?.open.some((attempt) => attempt.status === 'waiting') ?? false;
  const suited = able.filter((id) => goal.agents[id]?.confined !== true && !waits(id));
  return suited.length > 0 ? suited : able;
}

/** Done for others, beside an agent's own work. */
function isSide(task: Task | undefined): boolean {
  return task?.kind === 'reply' || task?.kind === 'review';
}

/** All done: the goal waits for the CEO. Nothing moves and something failed: it is stuck and says so. */
function finish(draft: Draft): void {
  const { goal } = draft;
  // What is checked must not change meanwhile.
  if (goal.rejecting) return;
  if (goal.status === 'ready' || goal.status === 'verifying' || goal.status === 'awaiting-approval') return;
  const tasks = Object.values(goal.tasks);
  const open = Object.values(goal.attempts).some((attempt) => !ATTEMPT_OVER.has(attempt.status));
  if (open || tasks.length === 0) return;
  if (tasks.every((task) => isSettled(goal, task))) {
    if (tasks.some((task) => task.status === 'done' && task.kind === 'work')) return startGoalCheck(draft);
    // A board whose tasks were all taken out is empty again.
    return goal.board ? undefined : stuck(draft, 'No work was planned.');
  }
  if (readyTasks(goal).length > 0 || goal.status === 'stuck' || movesByItself(draft)) return;
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
