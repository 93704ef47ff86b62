import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';

/** Who works on a task now, or could take it; what is in the backlog is the CEO's to give. */
function doersOf(goal: Goal, task: Task): readonly string[] {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  if (attempt && !ATTEMPT_OVER.has(attempt.status)) return [attempt.agent];
  return task.assignee.kind === 'nobody' ? ['ceo'] : agentsFor(goal, task.assignee, task.kind);
}

/** Tasks that only agents who wait for them could do: their end would never come. */
export function isHopeless(goal: Goal, task: Task): boolean {
  return Object.values(goal.attempts).some((attempt) => {
    if (ATTEMPT_OVER.has(attempt.status) || !attempt.awaits.includes(task.id)) return false;
    const blocked = blockedBy(goal, attempt.agent);
    return doersOf(goal, task).every((each) => blocked.has(each));
  });
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
