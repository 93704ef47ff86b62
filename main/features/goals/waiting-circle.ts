import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import { agentsFor } from './plan.ts';

/** Agents that work on a task now, or could take it. */
function doersOf(goal: Goal, task: Task): readonly string[] {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  return attempt && !ATTEMPT_OVER.has(attempt.status) ? [attempt.agent] : agentsFor(goal, task.assignee);
}

/** Tasks an agent's open attempts wait for. */
function awaitedBy(goal: Goal, agent: string): Task[] {
  return Object.values(goal.attempts)
    .filter((attempt) => attempt.agent === agent && !ATTEMPT_OVER.has(attempt.status))
    .flatMap((attempt) => attempt.awaits.flatMap((id) => goal.tasks[id] ?? []))
    .filter((task) => !TASK_OVER.has(task.status));
}

/**
 * Agents that cannot move before the given one does, itself included: each waits for a task that only such agents can
 * do. Grows until nobody is added; a crew is small.
 */
export function blockedBy(goal: Goal, agent: string): ReadonlySet<string> {
  const blocked = new Set([agent]);
  for (let before = 0; before < blocked.size; ) {
    before = blocked.size;
    for (const other of Object.keys(goal.agents)) {
      const waits = awaitedBy(goal, other).some((task) => doersOf(goal, task).every((each) => blocked.has(each)));
      if (waits) blocked.add(other);
    }
  }
  return blocked;
}
