import { isSettled } from '#protocol/model/goal/branch.ts';
import { heldBy } from '#protocol/model/goal/collide.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import { WITHOUT_AGENT } from '#protocol/model/goal/kinds.ts';
import { agentsFor, readyTasks, waitsForBacklog } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Run, Task } from '#protocol/model/goal/state.ts';
import {
  ATTEMPT_OVER,
  ATTEMPT_TRANSITIONS,
  GOAL_TRANSITIONS,
  mayBecome,
  OCCUPYING,
  TASK_OVER,
  TASK_TRANSITIONS,
} from '#protocol/model/goal/status.ts';
import { withoutWhy } from './why-kit.ts';

/** A run is ordered for a reason that is in the stream: what the reason says has happened. */
function unreasoned(before: Goal, event: Extract<GoalEvent, { type: 'run.ordered' }>): string[] {
  const attempt = before.attempts[event.attempt];
  const task = before.tasks[attempt?.task ?? ''];
  if (!attempt || !task) return [`${event.run} is ordered for nothing`];
  const last = before.runs[attempt.runs.at(-1) ?? ''];
  const over = (id: string) => TASK_OVER.has(before.tasks[id]?.status ?? 'open');
  const reasons: Readonly<Partial<Record<Run['reason'], boolean>>> = {
    first: attempt.base !== null && last?.startedAt == null,
    nudge: last?.outcome === 'completed',
    'check-failed': attempt.check?.result === 'failed',
    'merge-rejected': attempt.check !== null,
    resolved: attempt.wait !== null,
    answered: attempt.wait !== null,
    'task-done': attempt.awaits.every(over),
  };
  const wrong =
    (reasons[event.reason] ?? (last?.status === 'ended' || attempt.wait !== null))
      ? []
      : [`${event.run}: no ${event.reason} came before`];
  if (task.kind === 'reply' && task.about === null) wrong.push(`${event.run} answers no message`);
  return wrong;
}

/** Steps an event may not make, by the tables of the protocol. */
export function illegalSteps(before: Goal, event: GoalEvent, after: Goal): string[] {
  const wrong: string[] = [];
  const note = (what: string, from: string, to: string) => wrong.push(`${event.type}: ${what} ${from} -> ${to}`);
  if (before.status && after.status && !mayBecome(GOAL_TRANSITIONS, before.status, after.status)) {
    note('goal', before.status, after.status);
  }
  if (event.type === 'merge.ordered' || event.type === 'batch.ordered') {
    const busy = Object.values(before.attempts).filter((attempt) => attempt.status === 'merging');
    for (const attempt of busy) wrong.push(`${event.type} while ${attempt.id} is merged`);
  }
  if (event.type === 'attempt.started') {
    const assignee = before.tasks[event.task]?.assignee;
    if (before.dismissed.includes(event.agent) || before.pausedAgents.includes(event.agent))
      wrong.push(`${event.agent} starts ${event.task} though it left or is paused`);
    if (assignee?.kind === 'nobody') wrong.push(`${event.task} starts out of the backlog`);
  }
  if (event.type === 'run.ordered') wrong.push(...unreasoned(before, event));
  for (const task of Object.values(after.tasks)) {
    const from = before.tasks[task.id]?.status;
    if (from && !mayBecome(TASK_TRANSITIONS, from, task.status)) note(task.id, from, task.status);
  }
  for (const attempt of Object.values(after.attempts)) {
    const from = before.attempts[attempt.id]?.status;
    if (from && !mayBecome(ATTEMPT_TRANSITIONS, from, attempt.status)) note(attempt.id, from, attempt.status);
  }
  return wrong;
}

/** Runs that may still act: not over, the newest of an attempt that is not over. */
export function unfencedRuns(goal: Goal): Run[] {
  return Object.values(goal.runs).filter((run) => {
    const attempt = goal.attempts[run.attempt];
    if (!attempt || ATTEMPT_OVER.has(attempt.status) || attempt.wait?.cause === 'handoff') return false;
    return run.status !== 'ended' && attempt.runs.at(-1) === run.id;
  });
}

function ownership(goal: Goal): string[] {
  const wrong: string[] = [];
  const attempts = Object.values(goal.attempts);
  const names = Object.values(goal.agents).map((agent) => agent.name.toLowerCase());
  if (new Set(names).size !== names.length) wrong.push('two agents have one name');
  for (const attempt of attempts) {
    if (goal.dismissed.includes(attempt.agent) && !ATTEMPT_OVER.has(attempt.status))
      wrong.push(`${attempt.agent} was dismissed from ${attempt.id}`);
  }
  for (const agent of Object.keys(goal.agents)) {
    const busy = attempts.filter((each) => each.agent === agent && OCCUPYING.has(each.status));
    const work = busy.filter((each) => !isSide(goal.tasks[each.task]));
    // A reply that began while the work was being checked may overlap with it; the runner gives them turns.
    if (work.length > 1 || busy.length - work.length > 1)
      wrong.push(`${agent} is occupied by ${busy.map((each) => each.id).join(', ')}`);
  }
  for (const task of Object.values(goal.tasks)) {
    const open = task.attempts.filter((id) => !ATTEMPT_OVER.has(goal.attempts[id]?.status ?? 'failed'));
    if (open.length > (task.spec?.race ?? 1)) wrong.push(`${task.id} has ${open.length} open attempts`);
  }
  const merging = attempts.filter((each) => each.status === 'merging');
  if (merging.length > 1 && merging.some((each) => !goal.batch.includes(each.id)))
    wrong.push(`${merging.length} attempts are merging`);
  if (new Set(goal.mergeQueue).size !== goal.mergeQueue.length) wrong.push('an attempt is queued twice');
  return wrong;
}

/** Why an attempt will move without anybody inventing something: an effect, a timer, or a named owner. */
function moves(goal: Goal, attempt: Attempt): boolean {
  const run = goal.runs[attempt.runs.at(-1) ?? ''];
  switch (attempt.status) {
    case 'preparing':
    case 'verifying':
    case 'merging':
      return true;
    case 'queued':
    case 'running':
    case 'unknown':
      return run !== undefined && run.status !== 'ended';
    case 'merge-queued':
      return goal.mergeQueue.includes(attempt.id);
    case 'waiting':
      return waitHasOwner(goal, attempt);
    default:
      return false;
  }
}

function isSide(task: Task | undefined): boolean {
  return task?.kind === 'reply' || task?.kind === 'review';
}

function othersRace(goal: Goal, id: string, task: Task | undefined): boolean {
  const others = (task?.attempts ?? []).filter((each) => each !== id).flatMap((each) => goal.attempts[each] ?? []);
  const running = others.some((each) => !ATTEMPT_OVER.has(each.status) && each.wait?.cause !== 'race');
  return running || (task !== undefined && task.attempts.length < (task.spec?.race ?? 1));
}

/** Its packet is being made, or whoever succeeds has other work, or the goal is paused. */
function isHandedOver(goal: Goal, { id, agent, trail }: Attempt): boolean {
  const handoff = trail.handoffs.at(-1);
  if (!handoff || handoff.to !== agent) return false;
  if (handoff.packet === null || goal.paused) return true;
  const others = Object.values(goal.attempts).filter((each) => each.agent === agent && each.id !== id);
  return others.some((each) => !ATTEMPT_OVER.has(each.status));
}

function waitHasOwner(goal: Goal, attempt: Attempt): boolean {
  const { id, task, wait, awaits } = attempt;
  if (!wait) return false;
  if (wait.cause === 'handoff') return isHandedOver(goal, attempt);
  if (wait.until !== null) return true;
  if (wait.cause === 'review' && goal.tasks[wait.on ?? ''])
    return !TASK_OVER.has(goal.tasks[wait.on ?? '']?.status ?? 'done');
  if (wait.cause === 'stuck' && goal.tasks[wait.on ?? ''])
    return !TASK_OVER.has(goal.tasks[wait.on ?? '']?.status ?? 'done') || goal.planFile?.edit != null;
  if (wait.cause === 'race') return othersRace(goal, id, goal.tasks[task]);
  if (wait.cause === 'task') return awaits.some((id) => !TASK_OVER.has(goal.tasks[id]?.status ?? 'done'));
  if (wait.cause === 'sequence') return heldBy(goal, id) !== undefined;
  // An answer comes, or its question expires: the conversation's own timer.
  if (wait.cause === 'answer') return wait.on !== null;
  // Interrupted with the whole goal: going on with the goal takes it up.
  if (wait.cause === 'interrupted' && wait.on === null) return goal.paused;
  const item = goal.items[wait.on ?? ''];
  return wait.owner === 'ceo' && item !== undefined && item.closed === null;
}

/** A gate or a sub-plan that has begun has something to wait for. */
function lostNode(goal: Goal, task: Task): string[] {
  if (task.status !== 'active') return [];
  const gate = task.spec?.gate;
  const item = Object.values(goal.items).find((each) => each.task === task.id && each.kind === 'gate' && !each.closed);
  const waits =
    task.kind === 'group'
      ? Object.values(goal.tasks).some((each) => each.spec?.parent === task.id && !isSettled(goal, each))
      : gate?.kind === 'approval'
        ? item !== undefined
        : gate?.kind !== 'timer' || task.opened?.until != null;
  return waits ? [] : [`${task.id}: nothing moves this ${task.kind}`];
}

function lostTasks(goal: Goal): string[] {
  return Object.values(goal.tasks).flatMap((task) => {
    if (WITHOUT_AGENT.has(task.kind)) return goal.paused || goal.status === 'stopped' ? [] : lostNode(goal, task);
    const attempts = task.attempts.flatMap((id) => goal.attempts[id] ?? []);
    const last = attempts.findLast((each) => !ATTEMPT_OVER.has(each.status)) ?? attempts.at(-1);
    const open = last !== undefined && !ATTEMPT_OVER.has(last.status);
    if (TASK_OVER.has(task.status))
      return open ? [`${task.id} is ${task.status} but ${last.id} is ${last.status}`] : [];
    if (task.status === 'proposed' || task.status === 'open') {
      if (open) return [`${task.id} is ${task.status} but ${last.id} is ${last.status}`];
      if (task.assignee.kind === 'nobody') return task.kind === 'work' ? [] : [`${task.id} is in the backlog`];
      return agentsFor(goal, task.assignee, task.kind).length > 0 ? [] : [`${task.id} is for nobody`];
    }
    if (!open) return [`${task.id} is ${task.status} without an open attempt`];
    const still = attempts.filter((each) => !ATTEMPT_OVER.has(each.status) && !moves(goal, each));
    return still.map(
      (each) => `${task.id}: nothing moves ${each.id} (${each.status}, ${each.wait?.cause ?? 'no wait'})`,
    );
  });
}

const isWorkDone = (task: Task) => task.kind === 'work' && task.status === 'done';

/** Whatever could start is for agents that the CEO paused. */
function waitsForPaused(goal: Goal): boolean {
  const ready = readyTasks(goal);
  return (
    ready.length > 0 &&
    ready.every((task) => agentsFor(goal, task.assignee, task.kind).every((id) => goal.pausedAgents.includes(id)))
  );
}

/** A timer, a signal or a command decides next, or the time of another attempt comes. */
function waitsForNode(goal: Goal): boolean {
  return Object.values(goal.tasks).some(
    (task) =>
      (task.kind === 'gate' && task.status === 'active') || (task.status === 'open' && task.notBefore !== undefined),
  );
}

/** A goal that stands still says so, or somebody is asked. */
function standsStill(goal: Goal): string[] {
  if (goal.status === null || goal.paused) return [];
  if (['stopped', 'accepted', 'ready', 'verifying'].includes(goal.status)) return [];
  if (Object.values(goal.attempts).some((attempt) => !ATTEMPT_OVER.has(attempt.status))) return [];
  if (goal.board && !Object.values(goal.tasks).some((task) => !TASK_OVER.has(task.status) || isWorkDone(task)))
    return [];
  if (waitsForBacklog(goal) || waitsForPaused(goal) || waitsForNode(goal)) return [];
  const asked = Object.values(goal.items).some((item) => item.closed === null);
  if (asked || goal.status === 'awaiting-approval' || goal.status === 'stuck') {
    return asked ? [] : [`the goal is ${goal.status} and nobody is asked`];
  }
  return [`the goal is ${goal.status}, nothing runs and nobody is asked; ready: ${readyTasks(goal).length}`];
}

/** Everything that is wrong with a state. */
export function violations(goal: Goal): string[] {
  if (goal.status === 'stopped') return [...ownership(goal), ...lostTasks(goal), ...withoutWhy(goal)];
  return [...ownership(goal), ...lostTasks(goal), ...standsStill(goal), ...withoutWhy(goal)];
}
