import { isSettled } from './branch.ts';
import type { ItemKind } from './parts.ts';
import type { Attempt, Goal, Item } from './state.ts';
import { ATTEMPT_OVER, TASK_OVER } from './status.ts';
import { end, isMoving, step, type WhyIndex } from './why-index.ts';
import type { WhyAction, WhyNode, WhySubject } from './why-parts.ts';
import { isMovingTask, planNode, taskNode } from './why-tasks.ts';
import { waitNode } from './why-waits.ts';

const task = (id: string): WhySubject => ({ kind: 'task', id });
const attempt = (id: string): WhySubject => ({ kind: 'attempt', id });
const item = (id: string): WhySubject => ({ kind: 'item', id });

/** What helps more than an answer alone. */
const ITEM_ACTIONS: Readonly<Partial<Record<ItemKind, (item: Item, goal: Goal) => WhyAction | null>>> = {
  budget: (asked) => ({ do: 'raise-cap', attempt: asked.attempt }),
  interrupted: (asked, goal) => {
    const tried = goal.attempts[asked.attempt ?? ''];
    return tried?.wait?.on === asked.id ? { do: 'resume-agent', agent: tried.agent } : null;
  },
};

function itemNode({ goal }: WhyIndex, id: string): WhyNode | null {
  const asked = goal.items[id];
  if (!asked || asked.closed !== null) return null;
  const action = ITEM_ACTIONS[asked.kind]?.(asked, goal) ?? { do: 'answer', item: id };
  return end(item(id), 'asked', 'ceo', { since: asked.openedAt, action });
}

/** An attempt in the merge queue waits for what is merged, or stands, before it. */
function queuedNode({ goal }: WhyIndex, subject: WhySubject, tried: Attempt): WhyNode {
  const merging = Object.values(goal.attempts).find((each) => each.status === 'merging');
  const place = goal.mergeQueue.indexOf(tried.id);
  const ahead = merging?.id ?? (place > 0 ? goal.mergeQueue[place - 1] : undefined);
  if (ahead !== undefined && ahead !== tried.id)
    return step(subject, 'merge-turn', tried.changedAt, { next: [attempt(ahead)], needs: 'all' });
  return end(subject, 'starting', 'system', { since: tried.changedAt, action: { do: 'look', attempt: tried.id } });
}

function attemptNode(index: WhyIndex, id: string): WhyNode | null {
  const tried = index.goal.attempts[id];
  if (!tried || ATTEMPT_OVER.has(tried.status)) return null;
  const subject = attempt(id);
  const since = tried.changedAt;
  const action: WhyAction = { do: 'look', attempt: id };
  if (isMoving(tried))
    return end(subject, 'moves', tried.status === 'running' ? tried.agent : 'system', { since, action });
  switch (tried.status) {
    case 'queued':
      return end(subject, 'machine', 'system', { since, action: { do: 'allow-more-agents' } });
    case 'merge-queued':
      return queuedNode(index, subject, tried);
    case 'waiting':
      return waitNode(index, tried);
    default:
      return end(subject, 'unknown', 'system', { since, action });
  }
}

function agentNode(index: WhyIndex, id: string): WhyNode | null {
  const { goal } = index;
  const found = goal.agents[id];
  if (!found || goal.dismissed.includes(id)) return null;
  const subject: WhySubject = { kind: 'agent', id };
  const open = index.openByAgent.get(id) ?? [];
  const moving = open.find(isMoving);
  if (moving) return end(subject, 'moves', id, { since: moving.changedAt, action: { do: 'look', attempt: moving.id } });
  const since = Math.max(
    goal.statedAt,
    ...Object.values(goal.attempts).flatMap((each) => (each.agent === id ? [each.changedAt] : [])),
  );
  if (goal.status === 'stopped')
    return end(subject, 'stopped', 'ceo', { since: goal.endedAt ?? since, action: { do: 'continue' } });
  if (open.length > 0)
    return step(subject, 'attempt', Math.min(...open.map((each) => each.wait?.since ?? each.changedAt)), {
      next: open.map((each) => attempt(each.id)),
      needs: 'any',
    });
  if (goal.pausedAgents.includes(id))
    return end(subject, 'agent-paused', 'ceo', { since, action: { do: 'unpause-agent', agent: id } });
  const action: WhyAction = found.lead && goal.solo !== id ? { do: 'add-task' } : { do: 'give-work', agent: id };
  return end(subject, 'idle', 'ceo', { since, action });
}

/** When anything of a goal last changed, as far as the state tells. */
function lastChange(goal: Goal): number {
  let last = goal.statedAt;
  for (const each of Object.values(goal.attempts)) last = Math.max(last, each.changedAt);
  for (const each of Object.values(goal.tasks)) last = Math.max(last, each.endedAt ?? each.addedAt);
  for (const each of Object.values(goal.items)) last = Math.max(last, each.closed?.at ?? each.openedAt);
  return last;
}

function standingNode(index: WhyIndex, subject: WhySubject): WhyNode {
  const { goal, openItems } = index;
  const since = lastChange(goal);
  if (goal.status === 'awaiting-approval') return planNode(index, subject, since);
  const whole = openItems.filter((each) => each.task === null).map((each) => item(each.id));
  const failed = Object.values(goal.tasks).filter((each) => each.status === 'failed' && !isSettled(goal, each));
  if (goal.status === 'stuck') {
    const next = whole.length > 0 ? whole : failed.map((each) => task(each.id));
    if (next.length > 0) return step(subject, 'goal-stuck', since, { next, needs: 'sum' });
    return end(subject, 'goal-stuck', 'ceo', { since, action: { do: 'add-task' } });
  }
  if (goal.paused) return end(subject, 'paused', 'ceo', { since, action: { do: 'continue' } });
  const left = Object.values(goal.tasks).filter((each) => !TASK_OVER.has(each.status));
  const next = [...whole, ...[...left, ...failed].map((each) => task(each.id))];
  if (next.length > 0) return step(subject, 'tasks', since, { next, needs: 'sum' });
  if (!Object.values(goal.tasks).some((each) => each.status === 'done'))
    return end(subject, 'empty', 'ceo', { since, action: { do: 'add-task' } });
  return end(subject, 'starting', 'system', { since, action: { do: 'continue' } });
}

function goalNode(index: WhyIndex): WhyNode | null {
  const { goal } = index;
  const subject: WhySubject = { kind: 'goal', id: goal.id };
  const ended = goal.endedAt ?? goal.statedAt;
  if (goal.status === 'stopped') return end(subject, 'stopped', 'ceo', { since: ended, action: { do: 'continue' } });
  const moving = [...index.openByAgent.values()].flat().find(isMoving);
  const gates = Object.values(goal.tasks).some((each) => each.kind === 'gate' && isMovingTask(goal, each));
  if (moving || gates || goal.status === 'verifying' || goal.accepting || goal.rejecting !== null) {
    const action: WhyAction = moving ? { do: 'look', attempt: moving.id } : { do: 'wait', until: null };
    return end(subject, 'moves', 'system', { since: ended, action });
  }
  if (goal.status === 'ready') return end(subject, 'ready', 'ceo', { since: ended, action: { do: 'accept' } });
  return standingNode(index, subject);
}

/** What is known of a subject; null when it is over or not there. Total. */
export function nodeOf(index: WhyIndex, subject: WhySubject): WhyNode | null {
  const { status } = index.goal;
  if (status === null || status === 'accepted') return null;
  switch (subject.kind) {
    case 'goal':
      return subject.id === index.goal.id ? goalNode(index) : null;
    case 'task':
      return taskNode(index, subject.id);
    case 'attempt':
      return attemptNode(index, subject.id);
    case 'agent':
      return agentNode(index, subject.id);
    case 'item':
      return itemNode(index, subject.id);
    case 'merge': {
      const tried = index.goal.attempts[subject.id];
      return tried?.status === 'merge-queued' ? queuedNode(index, subject, tried) : null;
    }
  }
}
