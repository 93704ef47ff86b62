import type { PayloadRef } from '../payload.ts';
import { describeHeld, describeNode } from './describe-node.ts';
import type { Wait } from './parts.ts';
import { agentsFor, inBacklog, isSatisfied, waitsForBacklog } from './ready.ts';
import { WITHOUT_AGENT } from './spec.ts';
import type { Attempt, Goal, Item, Task } from './state.ts';

/** How something stands, in the few states every face shows with a colour and a shape. */
export type Standing = 'running' | 'waiting' | 'needs-you' | 'failed' | 'done' | 'idle';

/** A standing and the reason for it, as a person reads it. */
export interface Described {
  readonly standing: Standing;
  readonly why: string;
}

/** Looks up a text by its reference. */
export type TextOf = (ref: PayloadRef | null) => string;

/** A lookup in a table of texts; what is not there yet is an ellipsis. */
export function textsIn(texts: Readonly<Record<string, string>>): TextOf {
  return (ref) => (ref === null ? '' : (texts[ref.id] ?? '…'));
}

const WAITS: Readonly<Record<Wait['cause'], string>> = {
  permission: 'asks for permission',
  question: 'asks a question',
  answer: 'waits for an answer',
  task: 'waits for a task it delegated',
  budget: 'has reached a budget',
  turns: 'has used its turns',
  minutes: 'has used its time',
  upstream: 'waits for the model endpoint',
  login: 'needs a login',
  interrupted: 'was interrupted',
  unverified: 'has work that nothing proved',
  conflict: 'has a conflict to resolve',
  disk: 'waits for disk space',
  stuck: 'is stuck',
  trust: 'waits for trust in the repository',
  review: 'waits for a review of its diff',
  race: 'has passed and waits for the others in the race',
  deadline: 'did not finish by its deadline',
};

/** Who an id of a goal means, for people. */
export function actorName(goal: Goal, id: string): string {
  if (id === 'ceo') return 'you';
  return goal.agents[id]?.name ?? id;
}

function describeWait(goal: Goal, attempt: Attempt): Described {
  const { wait } = attempt;
  if (!wait) return { standing: 'waiting', why: 'waits' };
  if (wait.cause === 'interrupted' && wait.on === null && goal.paused)
    return { standing: 'waiting', why: 'was interrupted with the goal and goes on with it' };
  const given = wait.cause === 'task' ? goal.tasks[wait.on ?? ''] : undefined;
  if (given && inBacklog(given))
    return { standing: 'needs-you', why: 'waits for a task it delegated, which is in your backlog' };
  const owner = wait.owner === 'ceo' ? '' : `; ${actorName(goal, wait.owner)} acts next`;
  return { standing: wait.owner === 'ceo' ? 'needs-you' : 'waiting', why: `${WAITS[wait.cause]}${owner}` };
}

const BY_ATTEMPT: Readonly<Partial<Record<Attempt['status'], Described>>> = {
  preparing: { standing: 'running', why: 'preparing a workspace' },
  queued: { standing: 'waiting', why: 'waits for a free place on this machine' },
  running: { standing: 'running', why: 'working' },
  unknown: { standing: 'waiting', why: 'its process is gone and what it did last is not known; it is being recovered' },
  verifying: { standing: 'running', why: 'verifying' },
  'merge-queued': { standing: 'waiting', why: 'in the merge queue' },
  merging: { standing: 'running', why: 'merging' },
};

function describeOpen(goal: Goal, task: Task, textOf: TextOf): Described {
  if (inBacklog(task)) return { standing: 'idle', why: 'in the backlog; give it to an agent' };
  const blocking = task.dependsOn.flatMap((id) => (isSatisfied(goal, id) ? [] : (goal.tasks[id] ?? [])));
  if (blocking.length > 0)
    return { standing: 'waiting', why: `after ${blocking.map((on) => textOf(on.title)).join(', ')}` };
  const held = describeHeld(goal, task, textOf);
  if (held) return held;
  if (goal.paused) return { standing: 'waiting', why: 'the goal is paused' };
  if (WITHOUT_AGENT.has(task.kind)) return { standing: 'waiting', why: 'has not begun' };
  if (task.notBefore !== undefined) return { standing: 'waiting', why: 'is tried again after a pause' };
  const agents = agentsFor(goal, task.assignee, task.kind);
  if (agents.length > 0 && agents.every((id) => goal.pausedAgents.includes(id)))
    return { standing: 'waiting', why: `${agents.map((id) => actorName(goal, id)).join(', ')} paused` };
  return { standing: 'waiting', why: 'waits for a free agent' };
}

/** How a task stands and why. */
export function describeTask(goal: Goal, task: Task, textOf: TextOf): Described {
  const node = WITHOUT_AGENT.has(task.kind) ? describeNode(goal, task) : null;
  if (node) return node;
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  switch (task.status) {
    case 'proposed':
      return { standing: 'needs-you', why: 'proposed; waits for your approval of the plan' };
    case 'open':
      return describeOpen(goal, task, textOf);
    case 'active':
    case 'unverified':
      if (last?.status === 'waiting') return describeWait(goal, last);
      return (last && BY_ATTEMPT[last.status]) ?? { standing: 'waiting', why: 'is being scheduled' };
    case 'done':
      return { standing: 'done', why: last?.status === 'merged' ? 'merged' : 'done' };
    case 'failed':
      return { standing: 'failed', why: last?.cause ?? 'failed' };
    case 'cancelled':
      return { standing: 'idle', why: task.skipped === true ? 'not needed' : 'cancelled' };
  }
}

/** What the CEO is asked and has not answered, oldest first. */
export function openItems(goal: Goal): Item[] {
  return Object.values(goal.items)
    .filter((item) => item.closed === null)
    .sort((one, other) => one.openedAt - other.openedAt);
}

/** How a goal stands and why. */
export function describeGoal(goal: Goal): Described {
  const asked = openItems(goal).length;
  const asking = asked === 0 ? '' : `; ${asked} ${asked === 1 ? 'thing needs' : 'things need'} you`;
  switch (goal.status) {
    case null:
      return { standing: 'idle', why: 'not stated' };
    case 'planning':
      return { standing: asked > 0 ? 'needs-you' : 'running', why: `planning${asking}` };
    case 'awaiting-approval':
      return { standing: 'needs-you', why: 'its plan waits for your approval' };
    case 'running':
      if (goal.paused) return { standing: 'waiting', why: `paused${asking}` };
      if (asked === 0 && Object.values(goal.tasks).every((task) => task.status === 'cancelled'))
        return { standing: 'idle', why: 'has no tasks yet' };
      if (waitsForBacklog(goal)) return { standing: 'needs-you', why: `the backlog waits for you${asking}` };
      return { standing: asked > 0 ? 'needs-you' : 'running', why: `running${asking}` };
    case 'verifying':
      return { standing: 'running', why: 'verifying the whole' };
    case 'ready':
      return { standing: 'needs-you', why: 'ready to accept' };
    case 'stuck':
      return { standing: 'failed', why: `stuck${asking}` };
    case 'accepted':
      return { standing: 'done', why: 'accepted' };
    case 'stopped':
      return { standing: 'idle', why: 'stopped' };
  }
}
