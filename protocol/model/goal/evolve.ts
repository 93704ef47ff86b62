import type { PayloadRef } from '../payload.ts';
import type { GoalEvent } from './event.ts';
import { evolveAttempt } from './evolve-attempt.ts';
import { evolveCollision } from './evolve-collision.ts';
import { evolveHandoff } from './evolve-handoff.ts';
import { evolveNode } from './evolve-node.ts';
import { evolvePlanFile } from './evolve-plan-file.ts';
import { evolveGuard } from './interventions.ts';
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
    status: event.solo === null && !event.board ? 'planning' : 'running',
    agents: Object.fromEntries(agents.map((agent) => [agent.id, agent])),
    statedAt: at,
  };
}

type Added = Omit<Extract<GoalEvent, { type: 'task.added' }>, 'type'>;

function newTask({ task: id, proposed, ...rest }: Added, at: number): [string, Task] {
  return [id, { ...rest, id, status: proposed ? 'proposed' : 'open', attempts: [], addedAt: at, endedAt: null }];
}

function added(goal: Goal, events: readonly Added[], at: number): Goal {
  // A new task on a finished goal puts it back to work.
  const finished = goal.status === 'ready' || goal.status === 'stuck' || goal.status === 'verifying';
  // A plan that was turned down is made anew.
  const replanned = goal.status === 'awaiting-approval' && events.some((event) => event.kind === 'plan');
  const status = finished ? 'running' : replanned ? 'planning' : goal.status;
  const tasks = { ...goal.tasks, ...Object.fromEntries(events.map((event) => newTask(event, at))) };
  return { ...goal, status, tasks };
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

/** The CEO changed something, so that something may move again. */
function unstuck(goal: Goal): Goal {
  return goal.status === 'stuck' ? { ...goal, status: 'running' } : goal;
}

function allowedFor(goal: Goal, id: string, pattern: PayloadRef): Goal {
  const attempt = goal.attempts[id];
  if (!attempt) return goal;
  return { ...goal, attempts: { ...goal.attempts, [id]: { ...attempt, allowed: [...attempt.allowed, pattern] } } };
}

/** What is looked at changes: the work is to be checked again, the whole or one attempt's. */
function rejecting(goal: Goal, event: Extract<GoalEvent, { type: 'hunk.reject-ordered' }>, at: number): Goal {
  const rejected = { ...goal, rejecting: { id: event.reject, attempt: event.attempt } };
  const attempt = event.attempt === null ? undefined : goal.attempts[event.attempt];
  if (!attempt) return { ...rejected, status: goal.status === 'ready' ? 'running' : unstuck(goal).status };
  const checked = { ...attempt, status: 'verifying' as const, wait: null, changedAt: at };
  return { ...rejected, attempts: { ...goal.attempts, [attempt.id]: checked } };
}

/** What the attempt that counts named as its result, for branches and fan-outs. */
function outcomeOf(goal: Goal, task: Task): Partial<Task> {
  const attempts = task.attempts.flatMap((id) => goal.attempts[id] ?? []);
  const claim = attempts.findLast((each) => each.status === 'merged' || each.status === 'completed')?.claim;
  return { result: task.result ?? claim?.result, items: claim?.items };
}

/** The next state of a goal. Pure and total; main, renderer and replay share it. */
export function evolveGoal(goal: Goal, event: GoalEvent, at: number): Goal {
  switch (event.type) {
    case 'goal.stated':
      return stated(goal, event, at);
    case 'agent.hired':
      return { ...goal, agents: { ...goal.agents, [event.agent.id]: event.agent } };
    case 'agent.dismissed':
      return { ...goal, dismissed: [...goal.dismissed, event.agent] };
    case 'agent.paused': {
      const others = goal.pausedAgents.filter((id) => id !== event.agent);
      return { ...goal, pausedAgents: event.paused ? [...others, event.agent] : others };
    }
    case 'task.added': {
      const { type: _, ...task } = event;
      return added(goal, [task], at);
    }
    case 'tasks.added': {
      const { proposed, by } = event;
      const tasks = event.tasks.map((task) => ({
        ...task,
        kind: task.kind ?? ('work' as const),
        about: null,
        proposed,
        by,
      }));
      return added(goal, tasks, at);
    }
    case 'task.revised':
      return withTask(goal, event.task, (task) => ({
        title: event.title ?? task.title,
        brief: event.brief ?? task.brief,
      }));
    case 'task.assigned':
      return withTask(event.assignee.kind === 'nobody' ? goal : unstuck(goal), event.task, () => ({
        assignee: event.assignee,
      }));
    case 'dependency.added':
      return withTask(goal, event.task, (task) => ({ dependsOn: [...task.dependsOn, event.on] }));
    case 'dependency.removed':
      return withTask(unstuck(goal), event.task, (task) => ({
        dependsOn: task.dependsOn.filter((on) => on !== event.on),
      }));
    case 'plan.proposed':
      return { ...goal, status: goal.mode === 'ask' ? 'awaiting-approval' : 'running' };
    case 'plan.approved':
      return approved(goal);
    case 'task.ended': {
      // Taking a failed task out lets the others go on.
      const status = goal.status === 'stuck' && event.status === 'cancelled' ? 'running' : goal.status;
      return withTask({ ...goal, status }, event.task, (task) => ({
        ...(event.status === 'done' ? outcomeOf(goal, task) : {}),
        status: event.status,
        endedAt: at,
      }));
    }
    case 'task.reopened':
      return withTask(unstuck(goal), event.task, () => ({
        status: 'open',
        endedAt: null,
        result: undefined,
        opened: undefined,
      }));
    case 'item.opened':
      return withItem(goal, {
        id: event.item,
        kind: event.kind,
        task: event.task,
        attempt: event.attempt,
        title: event.title,
        detail: event.detail,
        ...(event.about === undefined ? {} : { about: event.about }),
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
      if (event.attempt !== null) return allowedFor(goal, event.attempt, event.pattern);
      const patterns = [...(goal.remembered[event.agent] ?? []), event.pattern];
      return { ...goal, remembered: { ...goal.remembered, [event.agent]: patterns } };
    }
    case 'guard.intervened':
      return evolveGuard(goal, event, at);
    case 'goal.paused':
      return { ...goal, paused: true };
    case 'goal.held':
      return { ...goal, paused: true, held: [...goal.held, ...event.runs] };
    case 'goal.continued': {
      const held = goal.held.filter((run) => goal.runs[run]?.status !== 'ended');
      const status = goal.status === 'stopped' ? 'running' : goal.status;
      return { ...goal, paused: false, held, status, endedAt: null };
    }
    case 'goal.check-ordered':
      return { ...goal, status: 'verifying' };
    case 'goal.check-ended':
      return event.result === 'passed' ? { ...goal, status: 'ready', tip: event.commit, endedAt: at } : goal;
    case 'goal.stuck':
      return { ...goal, status: 'stuck' };
    case 'goal.stopped':
      return { ...goal, status: 'stopped', endedAt: at };
    case 'hunk.reject-ordered':
      return rejecting(goal, event, at);
    case 'hunk.reject-ended':
      return { ...goal, rejecting: null };
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
    case 'node.opened':
    case 'gate.decided':
    case 'task.skipped':
    case 'task.delayed':
    case 'task.escalated':
    case 'task.respecified':
    case 'deadline.set':
    case 'deadline.passed':
    case 'review.given':
      return evolveNode(goal, event, at);
    case 'plan-file.ordered':
    case 'plan-file.written':
    case 'plan-edit.proposed':
    case 'plan-edit.accepted':
    case 'plan-edit.ended':
      return evolvePlanFile(goal, event);
    case 'collision.seen':
    case 'collision.cleared':
    case 'collision.acted':
    case 'lease.taken':
    case 'lease.renewed':
    case 'lease.ended':
    case 'batch.ordered':
      return evolveCollision(goal, event, at);
    default:
      return evolveHandoff(evolveAttempt(goal, event, at), event, at);
  }
}
