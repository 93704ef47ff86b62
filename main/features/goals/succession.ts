import { pendingHandoff } from '#protocol/model/goal/evolve-handoff.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { orderHandover } from './hand-over.ts';
import { sessionId } from './run-order.ts';
import { cancelAttempt } from './steps.ts';
import { isHopeless } from './waiting-circle.ts';

/** Whether an agent has anything under way. */
function isBusy(goal: Goal, agent: string): boolean {
  return Object.values(goal.attempts).some((each) => each.agent === agent && !ATTEMPT_OVER.has(each.status));
}

/** Agents of the same role that could take over, free ones first, then by how little they have had. */
function colleagues(goal: Goal, attempt: Attempt): string[] {
  const { agent } = attempt;
  const role = goal.agents[agent]?.role;
  const busy = (id: string) => Number(isBusy(goal, id));
  const had = (id: string) => Object.values(goal.attempts).filter((each) => each.agent === id).length;
  return crewOf(goal)
    .filter((each) => each.role === role && each.id !== agent && !goal.pausedAgents.includes(each.id))
    .map((each) => each.id)
    .filter((id) => !closesCircle(goal, attempt, id) && !races(goal, attempt, id))
    .sort((a, b) => busy(a) - busy(b) || had(a) - had(b));
}

/** Whether agents would wait for each other for ever if this one took over. */
function closesCircle(goal: Goal, attempt: Attempt, to: string): boolean {
  const trial = { ...goal, attempts: { ...goal.attempts, [attempt.id]: { ...attempt, agent: to } } };
  return [attempt.task, ...attempt.awaits].some((id) => {
    const task = goal.tasks[id];
    return task !== undefined && !TASK_OVER.has(task.status) && isHopeless(trial, task);
  });
}

/** Whether an agent has an attempt of its own at the same task. */
function races(goal: Goal, { task }: Attempt, agent: string): boolean {
  return Object.values(goal.attempts).some(
    (each) => each.task === task && each.agent === agent && !ATTEMPT_OVER.has(each.status),
  );
}

/** A task that was given to one agent by name goes with its attempt. */
function follows(draft: Draft, attempt: Attempt, to: string): void {
  const { assignee } = draft.task(attempt.task);
  if (assignee.kind === 'agent' && assignee.agent !== to)
    draft.emit({ type: 'task.assigned', task: attempt.task, assignee: { kind: 'agent', agent: to } });
}

/**
 * Somebody goes on where an agent's process keeps dying: a free colleague of its role that has not tried yet, else once
 * the agent itself in a fresh session, else a colleague when it is free. False when nobody is left.
 */
export function succeedAfterCrash(draft: Draft, attempt: Attempt): boolean {
  // A reply is the agent's own to give, and a review its own to judge.
  if (isSide(draft.goal, attempt)) return false;
  const crashes = attempt.trail.handoffs.filter((each) => each.cause === 'crash' && each.reason === 'succeeded');
  const tried = new Set(attempt.trail.handoffs.flatMap((each) => [each.from, each.to]));
  const colleague = colleagues(draft.goal, attempt).find((id) => !tried.has(id));
  const free = colleague !== undefined && !isBusy(draft.goal, colleague);
  const to = free || crashes.length > 0 ? colleague : attempt.agent;
  if (to === undefined) return false;
  follows(draft, attempt, to);
  orderHandover(draft, attempt, { to, cause: 'crash' });
  return true;
}

/** A session that cannot be resumed: the same agent goes on in a fresh one, from the packet. */
export function succeedLostSession(draft: Draft, attempt: Attempt): void {
  const moved = attempt.trail.restored !== null && attempt.trail.restored === attempt.runs.at(-1);
  orderHandover(draft, attempt, { to: attempt.agent, cause: moved ? 'moved' : 'crash', reason: 'recovered' });
}

/** The CEO wants somebody with another model or driver to go on; refused when there is nobody. */
export function failOver(draft: Draft, attempt: Attempt, text: PayloadRef | null): void {
  const before = draft.goal.agents[attempt.agent];
  const to = colleagues(draft.goal, attempt).find((id) => {
    const agent = draft.goal.agents[id];
    return agent?.driver !== before?.driver || agent?.model !== before?.model;
  });
  if (to === undefined)
    return refuseWith(
      'nobody-else',
      'Nobody else could go on with this.',
      `No other ${before?.role ?? 'agent'} has another model.`,
      'Hire one with another model, or try again.',
    );
  follows(draft, attempt, to);
  orderHandover(draft, attempt, { to, cause: 'failover', about: text ? [text] : [] });
}

/** Why the work under way cannot be handed over now, in the words of a refusal; null when it can. */
export function notNow(attempt: Attempt): string | null {
  if (['verifying', 'merge-queued', 'merging'].includes(attempt.status))
    return attempt.status === 'verifying' ? 'It is being checked.' : 'It is on its way into the goal.';
  if (attempt.wait?.cause === 'review' || attempt.wait?.cause === 'race') return 'It has passed its check and waits.';
  return ATTEMPT_OVER.has(attempt.status) ? 'Its attempt is over.' : null;
}

/** Gives a task that is under way to another agent, in the same workspace. */
export function reassign(draft: Draft, task: Task, to: string): void {
  const attempt = draft.attempt(task.attempts.at(-1) ?? '');
  if (closesCircle(draft.goal, attempt, to))
    refuseWith(
      'waits-for-you',
      'This would never end.',
      'Whoever would do it waits for it.',
      'Give it to somebody else.',
    );
  draft.emit({ type: 'task.assigned', task: task.id, assignee: { kind: 'agent', agent: to } });
  // Nobody has worked yet: there is nothing to hand over.
  if (attempt.status === 'preparing') {
    cancelAttempt(draft, attempt.id, 'given to another agent before it began');
    return draft.emit({ type: 'task.reopened', task: task.id });
  }
  const failing = attempt.wait?.cause === 'upstream' || attempt.wait?.cause === 'login';
  orderHandover(draft, attempt, { to, cause: failing ? 'failover' : 'reassigned' });
}

/** The packet is there: the successor may begin. */
export function handedOver(draft: Draft, command: Extract<GoalCommand, { type: 'hand-over' }>): void {
  const attempt = draft.attempt(command.attempt);
  const handoff = pendingHandoff(attempt);
  if (!handoff || handoff.packet !== null) return;
  const { from, to, run, cause } = handoff;
  const packet = draft.context.keep(command.packet);
  draft.emit({ type: 'attempt.handed-over', attempt: attempt.id, from, to, run, cause, packet });
}

/** Orders the first run of every successor that has its packet and nothing else under way, each in a fresh session. */
export function startSuccessors(draft: Draft): void {
  for (const { id } of Object.values(draft.goal.attempts)) {
    const attempt = draft.attempt(id);
    const handoff = pendingHandoff(attempt);
    if (!handoff || handoff.packet === null) continue;
    // A paused goal starts nobody new; whoever only goes on in a fresh session is not new.
    if (handoff.from !== handoff.to && (draft.goal.paused || hasOther(draft.goal, attempt))) continue;
    draft.emit({
      type: 'run.ordered',
      run: draft.id('run'),
      attempt: id,
      reason: handoff.reason,
      about: [...handoff.about],
      resume: false,
      session: sessionId(draft),
      resolved: [],
    });
  }
}

/** Replies and reviews, which take turns with work. */
function isSide(goal: Goal, { task }: Attempt): boolean {
  const kind = goal.tasks[task]?.kind;
  return kind === 'reply' || kind === 'review';
}

/** Whether an attempt was handed to an agent that has not begun it. One that goes on in a fresh session has. */
function notBegun(attempt: Attempt): boolean {
  const handoff = pendingHandoff(attempt);
  return handoff !== null && handoff.from !== handoff.to;
}

/** Whether an agent has other work that is not over. Replies take turns with work; what is handed to it too comes after. */
function hasOther(goal: Goal, { id, agent }: Attempt): boolean {
  return Object.values(goal.attempts).some(
    (each) =>
      each.agent === agent &&
      each.id !== id &&
      !ATTEMPT_OVER.has(each.status) &&
      !notBegun(each) &&
      !isSide(goal, each),
  );
}
