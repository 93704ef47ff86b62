import type { NodeEvent } from './node-event.ts';
import type { Goal, Task } from './state.ts';

function withTask(goal: Goal, id: string, change: (task: Task) => Partial<Task>): Goal {
  const task = goal.tasks[id];
  return task ? { ...goal, tasks: { ...goal.tasks, [id]: { ...task, ...change(task) } } } : goal;
}

function reviewed(goal: Goal, event: Extract<NodeEvent, { type: 'review.given' }>, at: number): Goal {
  const attempt = goal.attempts[event.attempt];
  if (!attempt) return goal;
  const { by, approved, comments, commit } = event;
  const judged = { ...attempt, verdict: { by, approved, comments, commit }, changedAt: at };
  const noted = { ...goal, attempts: { ...goal.attempts, [attempt.id]: judged } };
  return approved ? noted : withTask(noted, attempt.task, (task) => ({ sentBack: (task.sentBack ?? 0) + 1 }));
}

/** The part of `evolveGoal` about nodes of the plan. Total over its events. */
export function evolveNode(goal: Goal, event: NodeEvent, at: number): Goal {
  switch (event.type) {
    case 'node.opened':
      return withTask(goal, event.task, () => ({ status: 'active', opened: { at, until: event.until } }));
    case 'gate.decided':
      return withTask(goal, event.task, () => ({ result: event.result }));
    case 'task.skipped':
      return withTask(goal, event.task, () => ({ status: 'cancelled', skipped: true, endedAt: at }));
    case 'task.delayed':
      return withTask(goal, event.task, () => ({ notBefore: event.until ?? undefined }));
    case 'task.escalated':
      return withTask(goal, event.task, () => ({ assignee: event.assignee, escalated: true }));
    case 'task.respecified': {
      const status = goal.status === 'stuck' ? 'running' : goal.status;
      return withTask({ ...goal, status }, event.task, () => ({ spec: event.spec }));
    }
    case 'deadline.set':
      return withTask(goal, event.task, () => ({ dueAt: event.until }));
    case 'deadline.passed':
      return withTask(goal, event.task, () => ({ dueAt: undefined }));
    case 'review.given':
      return reviewed(goal, event, at);
  }
}
