import type { Attempt, Goal, Item, Task } from './state.ts';
import { ATTEMPT_OVER, type AttemptStatus, TASK_OVER } from './status.ts';
import type { WhyAction, WhyCause, WhyNode, WhySubject } from './why-parts.ts';

/** Attempts for which something happens right now. */
const MOVING: ReadonlySet<AttemptStatus> = new Set(['preparing', 'running', 'verifying', 'merging']);

/** What is looked up often in one state of a goal. */
export interface WhyIndex {
  readonly goal: Goal;
  /** Attempts that are not over, by agent. */
  readonly openByAgent: ReadonlyMap<string, readonly Attempt[]>;
  /** Reply tasks by the message they are about. */
  readonly replies: ReadonlyMap<string, Task>;
  readonly openItems: readonly Item[];
}

/** Builds the index. */
export function indexOf(goal: Goal): WhyIndex {
  const openByAgent = new Map<string, Attempt[]>();
  for (const attempt of Object.values(goal.attempts)) {
    if (ATTEMPT_OVER.has(attempt.status)) continue;
    openByAgent.set(attempt.agent, [...(openByAgent.get(attempt.agent) ?? []), attempt]);
  }
  const replies = Object.values(goal.tasks).filter((task) => task.about !== null && !TASK_OVER.has(task.status));
  return {
    goal,
    openByAgent,
    replies: new Map(replies.map((task) => [task.about ?? '', task])),
    openItems: Object.values(goal.items).filter((item) => item.closed === null),
  };
}

/** Whether something happens for an attempt right now. */
export const isMoving = (attempt: Attempt): boolean => MOVING.has(attempt.status);

/** An end of a chain: it waits for nobody but its owner. */
export function end(
  subject: WhySubject,
  cause: WhyCause,
  owner: string,
  parts: { readonly since: number; readonly action: WhyAction },
): WhyNode {
  return { subject, cause, owner, ...parts, next: [], needs: 'all' };
}

/** A step of a chain: it waits for others. */
export function step(
  subject: WhySubject,
  cause: WhyCause,
  since: number,
  parts: Pick<WhyNode, 'next' | 'needs'> & Partial<Pick<WhyNode, 'action'>>,
): WhyNode {
  return { subject, cause, since, owner: 'system', action: null, ...parts };
}
