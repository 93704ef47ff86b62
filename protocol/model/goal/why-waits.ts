import type { Wait } from './parts.ts';
import type { Attempt, Goal } from './state.ts';
import { ATTEMPT_OVER, TASK_OVER } from './status.ts';
import { end, step, type WhyIndex } from './why-index.ts';
import type { WhyAction, WhyNode, WhySubject } from './why-parts.ts';

/** What an attempt that waits waits for. */
type Via = 'message' | 'tasks' | 'race' | 'plain';

/**
 * The one table of why an attempt waits: how its chain goes on, and the words for it. A new cause of the protocol needs
 * a row here, and nothing else. `plain` looks at what the wait itself names: an item, a task, a moment, an agent.
 */
export const WAIT_CAUSES: Readonly<Record<Wait['cause'], { readonly via: Via; readonly says: string }>> = {
  permission: { via: 'plain', says: 'asks for permission' },
  question: { via: 'plain', says: 'asks a question' },
  answer: { via: 'message', says: 'waits for an answer' },
  task: { via: 'tasks', says: 'waits for a task it delegated' },
  budget: { via: 'plain', says: 'has reached a budget' },
  turns: { via: 'plain', says: 'has used its turns' },
  minutes: { via: 'plain', says: 'has used its time' },
  upstream: { via: 'plain', says: 'waits for the model endpoint' },
  login: { via: 'plain', says: 'needs a login' },
  interrupted: { via: 'plain', says: 'was interrupted' },
  unverified: { via: 'plain', says: 'has work that nothing proved' },
  conflict: { via: 'plain', says: 'has a conflict to resolve' },
  disk: { via: 'plain', says: 'waits for disk space' },
  stuck: { via: 'plain', says: 'is stuck' },
  trust: { via: 'plain', says: 'waits for trust in the repository' },
  review: { via: 'plain', says: 'waits for a review of its diff' },
  race: { via: 'race', says: 'has passed and waits for the others in the race' },
  deadline: { via: 'plain', says: 'did not finish by its deadline' },
  sequence: { via: 'plain', says: 'is merged after work it collides with' },
  handoff: { via: 'plain', says: 'is being handed over' },
};

/** The row of a cause; null for one this version does not know (an event of a newer one). */
export function rowOf(cause: string): { readonly via: Via; readonly says: string } | null {
  return Object.hasOwn(WAIT_CAUSES, cause) ? WAIT_CAUSES[cause as Wait['cause']] : null;
}

/** Whose turn it is, if that is somebody who can take it; what is nobody's is the CEO's. */
function ownerOf(goal: Goal, owner: string): string {
  if (owner === 'ceo' || owner === 'system') return owner;
  return goal.agents[owner] && !goal.dismissed.includes(owner) ? owner : 'ceo';
}

const attemptSubject = ({ id }: Attempt): WhySubject => ({ kind: 'attempt', id });

function othersOf(index: WhyIndex, agent: string, but: string): WhySubject[] {
  return (index.openByAgent.get(agent) ?? []).filter((each) => each.id !== but).map(attemptSubject);
}

/** An answer comes from whoever works on the question: in a reply task, or in what it does now. */
function answerNode(index: WhyIndex, tried: Attempt, message: string, since: number): WhyNode {
  const owner = ownerOf(index.goal, tried.wait?.owner ?? 'ceo');
  const subject = attemptSubject(tried);
  const action: WhyAction = { do: 'answer-message', message, agent: tried.agent };
  const reply = index.replies.get(message);
  const next: WhySubject[] = reply ? [{ kind: 'task', id: reply.id }] : othersOf(index, owner, tried.id);
  if (next.length > 0) return step(subject, 'answer', since, { next, needs: 'any', action });
  return end(subject, 'answer', owner, { since, action });
}

function delegatedNode(index: WhyIndex, tried: Attempt, since: number): WhyNode | null {
  const { tasks } = index.goal;
  const left = tried.awaits.filter((id) => tasks[id] && !TASK_OVER.has(tasks[id].status));
  if (left.length === 0) return null;
  const next = left.map((id): WhySubject => ({ kind: 'task', id }));
  return step(attemptSubject(tried), 'task', since, { next, needs: 'all' });
}

/** Whoever has passed waits for those that race on, or for one that can still begin. */
function raceNode(index: WhyIndex, tried: Attempt, since: number): WhyNode {
  const subject = attemptSubject(tried);
  const others = (index.goal.tasks[tried.task]?.attempts ?? []).flatMap((id) => index.goal.attempts[id] ?? []);
  const racing = others.filter((each) => !ATTEMPT_OVER.has(each.status) && each.wait?.cause !== 'race');
  if (racing.length > 0) return step(subject, 'race', since, { next: racing.map(attemptSubject), needs: 'all' });
  return end(subject, 'race', 'system', { since, action: { do: 'wait', until: null } });
}

/** What an attempt that waits waits for. */
export function waitNode(index: WhyIndex, tried: Attempt): WhyNode {
  const { goal } = index;
  const { wait } = tried;
  const subject = attemptSubject(tried);
  const look: WhyAction = { do: 'look', attempt: tried.id };
  if (!wait) return end(subject, 'other', 'ceo', { since: tried.changedAt, action: look });
  const { since } = wait;
  const row = rowOf(wait.cause);
  const cause = row ? wait.cause : 'other';
  if (row?.via === 'message' && wait.on !== null) return answerNode(index, tried, wait.on, since);
  if (row?.via === 'tasks') {
    const delegated = delegatedNode(index, tried, since);
    if (delegated) return delegated;
  }
  if (row?.via === 'race') return raceNode(index, tried, since);
  const asked = goal.items[wait.on ?? ''];
  if (asked && asked.closed === null)
    return step(subject, cause, since, { next: [{ kind: 'item', id: asked.id }], needs: 'all' });
  const other = goal.tasks[wait.on ?? ''];
  if (other && !TASK_OVER.has(other.status))
    return step(subject, cause, since, { next: [{ kind: 'task', id: other.id }], needs: 'all' });
  if (wait.until !== null) return end(subject, cause, 'system', { since, action: { do: 'wait', until: wait.until } });
  // Interrupted with the whole goal: nobody is asked, it goes on when the goal does.
  if (wait.cause === 'interrupted' && goal.paused)
    return end(subject, 'paused', 'ceo', { since, action: { do: 'continue' } });
  const owner = ownerOf(goal, wait.owner);
  const next = owner === tried.agent ? [] : othersOf(index, owner, tried.id);
  if (next.length > 0) return step(subject, cause, since, { next, needs: 'any', action: look });
  return end(subject, cause, owner, { since, action: look });
}
