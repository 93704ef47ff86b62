import { branchOf, childrenOf, dependenciesMet, isSettled } from './branch.ts';
import { WITHOUT_AGENT } from './kinds.ts';
import { agentsFor, inBacklog, isSatisfied } from './ready.ts';
import type { Goal, Task } from './state.ts';
import { ATTEMPT_OVER, OCCUPYING } from './status.ts';
import { end, isMoving, step, type WhyIndex } from './why-index.ts';
import type { WhyAction, WhyNode, WhySubject } from './why-parts.ts';

const task = (id: string): WhySubject => ({ kind: 'task', id });
const attempt = (id: string): WhySubject => ({ kind: 'attempt', id });
const item = (id: string): WhySubject => ({ kind: 'item', id });

/** What waits for the CEO to approve the plan. */
export function planNode(index: WhyIndex, subject: WhySubject, since: number): WhyNode {
  const asked = index.openItems.find((each) => each.kind === 'plan');
  if (asked) return step(subject, 'plan', since, { next: [item(asked.id)], needs: 'all' });
  const proposed = Object.values(index.goal.tasks).some((each) => each.status === 'proposed');
  const action: WhyAction = proposed ? { do: 'approve-plan' } : { do: 'add-task' };
  return end(subject, 'plan', 'ceo', { since, action });
}

function failedNode(index: WhyIndex, failed: Task): WhyNode {
  const since = failed.endedAt ?? failed.addedAt;
  const asked = index.openItems.find((each) => each.task === failed.id);
  if (asked) return step(task(failed.id), 'failed', since, { next: [item(asked.id)], needs: 'all' });
  const able = WITHOUT_AGENT.has(failed.kind) || agentsFor(index.goal, failed.assignee, failed.kind).length > 0;
  const action: WhyAction = able ? { do: 'retry-task', task: failed.id } : { do: 'assign', task: failed.id };
  return end(task(failed.id), 'failed', 'ceo', { since, action });
}

/** What has to be over before a node may begin: its sub-plan, its dependencies, what it branches on. */
function beforeNode(goal: Goal, open: Task, since: number): WhyNode | null {
  const subject = task(open.id);
  const parent = goal.tasks[open.spec?.parent ?? ''];
  if (parent && (parent.status === 'open' || parent.status === 'proposed'))
    return step(subject, 'in-group', since, { next: [task(parent.id)], needs: 'all' });
  if (!dependenciesMet(goal, open)) {
    const before = open.dependsOn.filter((on) => goal.tasks[on] && !isSatisfied(goal, on));
    const every = (open.spec?.need ?? open.dependsOn.length) >= open.dependsOn.length;
    if (before.length > 0)
      return step(subject, 'dependency', since, { next: before.map(task), needs: every ? 'all' : 'any' });
  }
  const condition = open.spec?.onlyIf?.task;
  if (condition !== undefined && branchOf(goal, open) === 'wait')
    return step(subject, 'branch', since, { next: [task(condition)], needs: 'all' });
  return null;
}

/** Replies and reviews are done beside an agent's own work. */
const isSide = (each: Task | undefined) => each?.kind === 'reply' || each?.kind === 'review';

/** Who could do a task, and what keeps them from it. */
function agentsNode(index: WhyIndex, open: Task, since: number): WhyNode {
  const { goal } = index;
  const subject = task(open.id);
  // Nobody judges their own work.
  const author = open.kind === 'review' ? goal.attempts[open.about ?? '']?.agent : undefined;
  const able = agentsFor(goal, open.assignee, open.kind).filter((id) => id !== author);
  if (able.length === 0) return end(subject, 'nobody', 'ceo', { since, action: { do: 'assign', task: open.id } });
  const awake = able.filter((id) => !goal.pausedAgents.includes(id));
  const [asleep = ''] = able;
  if (awake.length === 0)
    return end(subject, 'agent-paused', 'ceo', { since, action: { do: 'unpause-agent', agent: asleep } });
  const busy = awake
    .flatMap((id) => index.openByAgent.get(id) ?? [])
    .filter((each) => each.task !== open.id)
    .filter((each) => !isSide(open) || OCCUPYING.has(each.status) || isSide(goal.tasks[each.task]));
  const action: WhyAction = open.kind === 'work' ? { do: 'assign', task: open.id } : { do: 'continue' };
  if (busy.length > 0)
    return step(subject, 'busy', since, { next: busy.map((each) => attempt(each.id)), needs: 'any', action });
  return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
}

function openNode(index: WhyIndex, open: Task, since: number): WhyNode {
  const { goal } = index;
  const subject = task(open.id);
  const agentless = WITHOUT_AGENT.has(open.kind);
  if (!agentless && inBacklog(open))
    return end(subject, 'backlog', 'ceo', { since, action: { do: 'assign', task: open.id } });
  const before = beforeNode(goal, open, since);
  if (before) return before;
  if (goal.status === 'awaiting-approval' && (open.kind === 'work' || agentless))
    return planNode(index, subject, since);
  if (goal.paused) return end(subject, 'paused', 'ceo', { since, action: { do: 'continue' } });
  if (open.notBefore !== undefined)
    return end(subject, 'later', 'system', { since, action: { do: 'wait', until: open.notBefore } });
  if (agentless) return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
  return agentsNode(index, open, since);
}

/** Whether something happens for a task right now: for a sub-plan, for any of its tasks. */
export function isMovingTask(goal: Goal, { id, kind, status, spec, attempts }: Task): boolean {
  if (status !== 'active' && status !== 'unverified') return false;
  if (kind === 'gate') return spec?.gate?.kind === 'check';
  if (kind === 'group') return childrenOf(goal, id).some((child) => isMovingTask(goal, child));
  return attempts.some((each) => goal.attempts[each] !== undefined && isMoving(goal.attempts[each]));
}

/** A gate or a sub-plan that has begun. */
function begunNode(index: WhyIndex, begun: Task, since: number): WhyNode {
  const subject = task(begun.id);
  if (begun.kind === 'group') {
    const left = childrenOf(index.goal, begun.id).filter((child) => !isSettled(index.goal, child));
    if (left.length > 0)
      return step(subject, 'group', since, { next: left.map((each) => task(each.id)), needs: 'all' });
    return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
  }
  const asked = index.openItems.find((each) => each.task === begun.id);
  if (asked) return step(subject, 'gate', since, { next: [item(asked.id)], needs: 'all' });
  const gate = begun.spec?.gate;
  if (gate?.kind === 'event')
    return end(subject, 'signal', 'ceo', { since, action: { do: 'signal', name: gate.name } });
  if (gate?.kind === 'timer')
    return end(subject, 'timer', 'system', { since, action: { do: 'wait', until: begun.opened?.until ?? null } });
  return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
}

function activeNode(index: WhyIndex, active: Task, since: number): WhyNode {
  const { goal } = index;
  const subject = task(active.id);
  const open = active.attempts
    .flatMap((id) => goal.attempts[id] ?? [])
    .filter((each) => !ATTEMPT_OVER.has(each.status));
  const moving = open.find(isMoving);
  if (isMovingTask(goal, active)) {
    const action: WhyAction = moving ? { do: 'look', attempt: moving.id } : { do: 'wait', until: null };
    return end(subject, 'moves', moving?.agent ?? 'system', { since, action });
  }
  if (WITHOUT_AGENT.has(active.kind)) return begunNode(index, active, active.opened?.at ?? since);
  if (open.length === 0) return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
  const waits = Math.min(...open.map((each) => each.wait?.since ?? each.changedAt));
  return step(subject, 'attempt', waits, { next: open.map((each) => attempt(each.id)), needs: 'any' });
}

/** Why a task does not move; null when it is over and holds nobody up. */
export function taskNode(index: WhyIndex, id: string): WhyNode | null {
  const { goal } = index;
  const found = goal.tasks[id];
  if (!found || found.status === 'done' || found.status === 'cancelled') return null;
  // One that failed holds nobody up: its question expires, or the CEO is asked instead.
  if (found.status === 'failed' && isSide(found)) return null;
  const last = goal.attempts[found.attempts.at(-1) ?? ''];
  const since = found.endedAt ?? last?.changedAt ?? found.addedAt;
  if (goal.status === 'stopped')
    return end(task(id), 'stopped', 'ceo', { since: goal.endedAt ?? since, action: { do: 'continue' } });
  switch (found.status) {
    case 'failed':
      return failedNode(index, found);
    case 'proposed':
      return planNode(index, task(id), since);
    case 'open':
      return openNode(index, found, since);
    default:
      return activeNode(index, found, since);
  }
}
