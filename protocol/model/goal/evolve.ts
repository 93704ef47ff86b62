import type { GoalEvent } from './event.ts';
import { evolveAttempt } from './evolve-attempt.ts';
import type { Goal, Item, Task } from './state.ts';

function withTask(goal: Goal, id: string, change: (task: Task) => Partial<Task>): Goal {
  const task = goal.tasks[id];
  return task ? { ...goal, tasks: { ...goal.tasks, [id]: { ...task, ...change(task) } } } : goal;
}

function withItem(goal: Goal, item: Item): Goal {
  return { ...goal, items: { ...goal.items, [item.id]: item } };
}

function stated(goal: Goal, event: Extract<GoalEvent, { type: 'goal.stated' }>, at: number): Goal {
  const { type: _, agents, ...rest } = event;
  return {
    ...goal,
    ...rest,
    status: event.solo === null ? 'planning' : 'running',
    agents: Object.fromEntries(agents.map((agent) => [agent.id, agent])),
    statedAt: at,
  };
}

function added(goal: Goal, event: Extract<GoalEvent, { type: 'task.added' }>, at: number): Goal {
  const { type: _, task: id, proposed, ...rest } = event;
  const task: Task = { ...rest, id, status: proposed ? 'proposed' : 'open', attempts: [], addedAt: at, endedAt: null };
  // A new task on a finished goal puts it back to work.
  const finished = goal.status === 'ready' || goal.status === 'stuck' || goal.status === 'verifying';
  // A plan that was turned down is made anew.
  const replanned = goal.status === 'awaiting-approval' && event.kind === 'plan';
  const status = finished ? 'running' : replanned ? 'planning' : goal.status;
  return { ...goal, status, tasks: { ...goal.tasks, [id]: task } };
}

function approved(goal: Goal): Goal {
  const tasks = Object.fromEntries(
    Object.entries(goal.tasks).map(([id, task]) => [
      id,
      task.status === 'proposed' ? { ...task, status: 'open' as const } : task,
    ]),
  );
  return { ...goal, status: 'running', tasks };
}

/** The next state of a goal. Pure and total; main, renderer and replay share it. */
export function evolveGoal(goal: Goal, event: GoalEvent, at: number): Goal {
  switch (event.type) {
    case 'goal.stated':
      return stated(goal, event, at);
    case 'task.added':
      return added(goal, event, at);
    case 'task.revised':
      return withTask(goal, event.task, (task) => ({
        title: event.title ?? task.title,
        brief: event.brief ?? task.brief,
      }));
    case 'task.assigned':
      return withTask(goal, event.task, () => ({ assignee: event.assignee }));
    case 'dependency.added':
      return withTask(goal, event.task, (task) => ({ dependsOn: [...task.dependsOn, event.on] }));
    case 'dependency.removed':
      return withTask(goal, event.task, (task) => ({ dependsOn: task.dependsOn.filter((on) => on !== event.on) }));
    case 'plan.proposed':
      return { ...goal, status: goal.mode === 'ask' ? 'awaiting-approval' : 'running' };
    case 'plan.approved':
      return approved(goal);
    case 'task.ended': {
      // Taking a failed task out lets the others go on.
      const status = goal.status === 'stuck' && event.status === 'cancelled' ? 'running' : goal.status;
      return withTask({ ...goal, status }, event.task, () => ({ status: event.status, endedAt: at }));
    }
    case 'task.reopened':
      return withTask({ ...goal, status: goal.status === 'stuck' ? 'running' : goal.status }, event.task, () => ({
        status: 'open',
        endedAt: null,
      }));
    case 'item.opened':
      return withItem(goal, {
        id: event.item,
        kind: event.kind,
        task: event.task,
        attempt: event.attempt,
        title: event.title,
        detail: event.detail,
        openedAt: at,
        closed: null,
      });
    case 'item.closed': {
      const item = goal.items[event.item];
      return item
        ? withItem(goal, { ...item, closed: { answer: event.answer, text: event.text, at, by: event.by } })
        : goal;
    }
    case 'permission.remembered': {
      const patterns = [...(goal.remembered[event.agent] ?? []), event.pattern];
      return { ...goal, remembered: { ...goal.remembered, [event.agent]: patterns } };
    }
    case 'goal.paused':
      return { ...goal, paused: true };
    case 'goal.continued':
      return { ...goal, paused: false, status: goal.status === 'stopped' ? 'running' : goal.status, endedAt: null };
    case 'goal.check-ordered':
      return { ...goal, status: 'verifying' };
    case 'goal.check-ended':
      return event.result === 'passed' ? { ...goal, status: 'ready', tip: event.commit, endedAt: at } : goal;
    case 'goal.stuck':
      return { ...goal, status: 'stuck' };
    case 'goal.stopped':
      return { ...goal, status: 'stopped', endedAt: at };
    case 'accept.ordered':
      return { ...goal, accepting: true, target: event.target };
    case 'accept.ended': {
      const { type: _, ...acceptance } = event;
      return {
        ...goal,
        accepting: false,
        acceptance,
        status: event.result === 'accepted' ? 'accepted' : goal.status,
      };
    }
    default:
      return evolveAttempt(goal, event, at);
  }
}
