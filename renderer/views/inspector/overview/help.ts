import { PLANNED } from '#protocol/model/goal/kinds.ts';
import { inBacklog } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Item, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';

/** Something that helps a task on, in the order it is offered. */
export type Help =
  | { readonly do: 'answer'; readonly item: Item }
  | { readonly do: 'accept'; readonly item: Item }
  | { readonly do: 'remind'; readonly agent: string }
  | { readonly do: 'interrupt'; readonly agent: string }
  | { readonly do: 'resume'; readonly agent: string }
  | { readonly do: 'raise'; readonly attempt: string }
  | { readonly do: 'assign' }
  | { readonly do: 'retry' }
  | { readonly do: 'take-back' }
  | { readonly do: 'cancel' };

/** The attempt of a task that is not over, or null. */
export function openAttempt(goal: Goal, task: Task): Attempt | null {
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  return last && !ATTEMPT_OVER.has(last.status) ? last : null;
}

/** What of a task may still be written anew: nothing has been read by an agent yet. */
export function mayRevise(task: Task): boolean {
  return PLANNED.has(task.kind) && ['open', 'proposed', 'failed'].includes(task.status);
}

function waiting(goal: Goal, attempt: Attempt): Help[] {
  const { wait } = attempt;
  if (!wait) return [];
  const helps: Help[] = [];
  // Whoever owes the answer can be reminded; the system and the CEO cannot.
  if (goal.agents[wait.owner] && wait.owner !== attempt.agent) helps.push({ do: 'remind', agent: wait.owner });
  if (wait.cause === 'interrupted') helps.push({ do: 'resume', agent: attempt.agent });
  if (wait.cause === 'budget') helps.push({ do: 'raise', attempt: attempt.id });
  return helps;
}

/** What helps this task now. Empty when it is over for good. */
export function helpFor(goal: Goal, task: Task): Help[] {
  const attempt = openAttempt(goal, task);
  const asked = Object.values(goal.items).filter((item) => item.closed === null && item.task === task.id);
  const helps: Help[] = asked.map((item) => ({ do: item.kind === 'unverified' ? 'accept' : 'answer', item }));
  if (attempt) helps.push(...waiting(goal, attempt));
  if (attempt && ['queued', 'running'].includes(attempt.status)) helps.push({ do: 'interrupt', agent: attempt.agent });
  if (task.status === 'failed') helps.push({ do: 'retry' });
  const assignable = task.kind === 'work' && !['done', 'cancelled'].includes(task.status);
  if (assignable) helps.push({ do: 'assign' });
  if (assignable && !inBacklog(task) && task.status !== 'failed') helps.push({ do: 'take-back' });
  if (!TASK_OVER.has(task.status) || task.status === 'failed') helps.push({ do: 'cancel' });
  return helps;
}

/** Since when a task stands as it does, wall-clock milliseconds. */
export function since(goal: Goal, task: Task): number {
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  return task.endedAt ?? last?.wait?.since ?? last?.changedAt ?? task.addedAt;
}
