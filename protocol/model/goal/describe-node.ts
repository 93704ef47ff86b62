import { childrenOf } from './branch.ts';
import type { Described } from './describe.ts';
import type { Goal, Task } from './state.ts';

function openGate(task: Task): Described {
  const gate = task.spec?.gate;
  switch (gate?.kind) {
    case 'check':
      return { standing: 'running', why: 'its command runs on what is merged' };
    case 'timer':
      return { standing: 'waiting', why: 'opens when its time is over' };
    case 'event':
      return { standing: 'waiting', why: `waits for the signal ${gate.name}` };
    default:
      return { standing: 'needs-you', why: 'waits for your word' };
  }
}

/** How far a sub-plan is: its nodes that are done, of those that are not out of the plan. */
export function partsOf(goal: Goal, group: string): { readonly done: number; readonly total: number } {
  const children = childrenOf(goal, group).filter(({ status }) => status !== 'cancelled');
  return { done: children.filter(({ status }) => status === 'done').length, total: children.length };
}

/**
 * How a gate or a sub-plan that has begun or is over stands, and why; null where the same holds as for any task: it is
 * not approved yet, or waits for what is before it.
 */
export function describeNode(goal: Goal, task: Task): Described | null {
  const gate = task.kind === 'gate';
  switch (task.status) {
    case 'proposed':
    case 'open':
      return null;
    case 'active':
    case 'unverified': {
      if (gate) return openGate(task);
      const { done, total } = partsOf(goal, task.id);
      return { standing: 'running', why: `${done} of ${total} done` };
    }
    case 'done':
      return { standing: 'done', why: gate ? 'open' : 'done' };
    case 'failed':
      return { standing: 'failed', why: gate ? 'stays closed' : 'failed' };
    case 'cancelled':
      return { standing: 'idle', why: task.skipped === true ? 'not needed' : 'cancelled' };
  }
}
