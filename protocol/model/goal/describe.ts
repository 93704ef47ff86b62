import { describeNode } from './describe-node.ts';
import { WITHOUT_AGENT } from './kinds.ts';
import type { TextOf } from './names.ts';
import { waitsForBacklog } from './ready.ts';
import type { Attempt, Goal, Item, Task } from './state.ts';
import { type WhyWalk, whyWalkOf } from './why.ts';
import type { WhyLink } from './why-parts.ts';
import { sayCause, sayOwner, telling } from './why-words.ts';

export { actorName, type TextOf, textsIn } from './names.ts';

/** How something stands, in the few states every face shows with a colour and a shape. */
export type Standing = 'running' | 'waiting' | 'needs-you' | 'failed' | 'done' | 'idle';

/** A standing and the reason for it, as a person reads it. */
export interface Described {
  readonly standing: Standing;
  readonly why: string;
}

/** As {@link Described}, of a task: whose turn it is, too; empty while it moves or when it is over. */
export interface DescribedTask extends Described {
  readonly turn: string;
}

const BY_ATTEMPT: Readonly<Partial<Record<Attempt['status'], Described>>> = {
  preparing: { standing: 'running', why: 'preparing a workspace' },
  running: { standing: 'running', why: 'working' },
  verifying: { standing: 'running', why: 'verifying' },
  merging: { standing: 'running', why: 'merging' },
};

/** Over, or moving. */
function describeMoving(goal: Goal, task: Task): Described {
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  if (task.status === 'done') return { standing: 'done', why: last?.status === 'merged' ? 'merged' : 'done' };
  if (task.status === 'failed') return { standing: 'failed', why: last?.cause ?? 'failed' };
  if (task.status === 'cancelled') return { standing: 'idle', why: task.skipped === true ? 'not needed' : 'cancelled' };
  return (last && BY_ATTEMPT[last.status]) ?? { standing: 'waiting', why: 'is being scheduled' };
}

/** Ends of chains that are the CEO's doing, but nothing they are asked. */
const HELD: ReadonlySet<string> = new Set(['paused', 'stopped', 'agent-paused']);

/** A task itself, its attempt, or one it delegated and that task's backlog. */
const DELEGATED = 3;

/** Whether it is the CEO's turn at this very task, or at one it delegated that nobody has. */
function isTheirs(goal: Goal, task: Task, { owner, root, steps }: WhyWalk, told: WhyLink): boolean {
  if (owner !== 'ceo' || HELD.has(root)) return false;
  let length = 0;
  let other = false;
  for (const { subject } of steps()) {
    length += 1;
    other ||= isOther(goal, task, subject);
    if (other && length > DELEGATED) return false;
  }
  return !other || (told.cause === 'task' && root === 'backlog' && length === DELEGATED);
}

const isOther = (goal: Goal, task: Task, { kind, id }: WhyLink['subject']) =>
  (kind === 'task' && id !== task.id) || (kind === 'attempt' && goal.attempts[id]?.task !== task.id);

/** How a task stands and why. */
export function describeTask(goal: Goal, task: Task, textOf: TextOf): DescribedTask {
  const why = whyWalkOf(goal, { kind: 'task', id: task.id });
  const node = WITHOUT_AGENT.has(task.kind) ? describeNode(goal, task) : null;
  if (node) return { ...node, turn: why ? sayOwner(goal, why.owner) : '' };
  if (!why || task.status === 'failed') return { ...describeMoving(goal, task), turn: '' };
  const turn = sayOwner(goal, why.owner);
  if (why.cause === 'backlog') return { standing: 'idle', why: sayCause(goal, why, textOf), turn };
  const told = telling(why.steps(), why);
  const says = sayCause(goal, told, textOf);
  if (!isTheirs(goal, task, why, told)) return { standing: 'waiting', why: says, turn };
  const given = why.root === 'backlog' ? ', which is in your backlog' : '';
  return { standing: 'needs-you', why: `${says}${given}`, turn };
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
