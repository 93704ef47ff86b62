import type { Attempt } from '#protocol/model/goal/state.ts';
import type { GoalCommand, ProposedTask, StateGoal } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { problemsOf } from './problems.ts';
import { specOf } from './spec-of.ts';

const CEO = 'ceo';
/** Most tasks of a goal when the CEO writes them. */
const CEO_TASKS = 10_000;

/** States the goal and gives the first task: planning to the Lead, everything to the one agent, or none on a board. */
export function stateGoal(draft: Draft, command: StateGoal): void {
  if (draft.goal.status !== null)
    refuseWith('already-stated', 'The goal is stated already.', 'A goal is stated once.', 'State a new goal.');
  const {
    type: _,
    text,
    crew,
    agents,
    board = false,
    onCollision = 'warn',
    plan,
    expertise = [],
    forkedFrom = null,
    ...rest
  } = command;
  const body = draft.context.keep(text);
  const kept = draft.context.keep(crew);
  draft.emit({
    type: 'goal.stated',
    ...rest,
    text: body,
    crew: kept,
    agents: [...agents],
    board,
    onCollision,
    forkedFrom,
    ...(expertise.length === 0 ? {} : { expertise: [...expertise] }),
  });
  if (plan !== undefined) return propose(draft, plan, 'ceo', null);
  if (board) return;
  const lead = command.solo ?? agents.find((agent) => agent.lead)?.id;
  if (lead === undefined)
    refuseWith(
      'no-lead',
      'The crew has no Lead.',
      'Somebody must plan the goal.',
      'Mark one role as lead, or run with one agent.',
    );
  const title = command.solo === null ? 'Plan the goal' : (text.trim().split('\n')[0] ?? text).slice(0, 120);
  draft.emit({
    type: 'task.added',
    task: draft.id('task'),
    kind: command.solo === null ? 'plan' : 'work',
    title: draft.context.keep(title),
    brief: body,
    assignee: { kind: 'agent', agent: lead },
    dependsOn: [],
    proposed: false,
    by: 'ceo',
    about: null,
  });
}

/** Adds tasks, all or none. Returns their ids in order. */
export function addTasks(draft: Draft, tasks: readonly ProposedTask[], by: string, proposed: boolean): string[] {
  if (tasks.length === 0)
    refuseWith(
      'empty-plan',
      'There is no task in the proposal.',
      'A plan has at least one task.',
      'Propose the tasks.',
    );
  // The crew's limit is against agents that fan out; a person who writes tasks has room.
  const most = by === CEO ? Math.max(CEO_TASKS, draft.goal.limits.tasks) : draft.goal.limits.tasks;
  if (tasks.length > most - Object.keys(draft.goal.tasks).length) {
    refuseWith(
      'too-many-tasks',
      `The goal may have ${most} tasks.`,
      `${tasks.length} more do not fit.`,
      'Propose fewer, larger tasks.',
    );
  }
  const problems = problemsOf(draft.goal, tasks, by);
  if (problems.length > 0) {
    refuseWith(
      'bad-plan',
      'The tasks do not fit together.',
      `${problems.slice(0, 20).join('; ')}.`,
      'Correct these and propose again.',
    );
  }
  const ids = new Map(tasks.map((task) => [task.key, task.id ?? draft.id('task')]));
  const added = tasks.map((task) => {
    const title = draft.context.keep(task.title.trim());
    const spec = specOf(task.spec, { keep: draft.context.keep, idOf: (name) => ids.get(name) ?? name });
    return {
      task: ids.get(task.key) ?? '',
      title,
      brief: task.brief.trim() === '' ? title : draft.context.keep(task.brief),
      assignee: task.assignee,
      dependsOn: task.dependsOn.map((on) => ids.get(on) ?? on),
      ...(task.kind === undefined || task.kind === 'work' ? {} : { kind: task.kind }),
      ...(spec === undefined ? {} : { spec }),
    };
  });
  const [first] = added;
  if (first && added.length === 1)
    draft.emit({ type: 'task.added', kind: 'work', ...first, proposed, by, about: null });
  else draft.emit({ type: 'tasks.added', tasks: added, proposed, by });
  return [...ids.values()];
}

/** The Lead's plan. With `ask` its tasks are ghosts until the CEO approves. */
export function proposePlan(draft: Draft, command: Extract<GoalCommand, { type: 'propose-plan' }>): void {
  const { attempt } = draft.liveRun(command.run);
  if (draft.task(attempt.task).kind !== 'plan') {
    refuseWith(
      'not-planning',
      'This task is not a planning task.',
      'Plans come from the Lead.',
      'Use delegate_task for a single task.',
    );
  }
  propose(draft, command.tasks, attempt.agent, attempt);
}

/** With `ask` the CEO approves it first. */
function propose(draft: Draft, plan: readonly ProposedTask[], by: string, attempt: Attempt | null): void {
  const proposed = draft.goal.mode === 'ask';
  const tasks = addTasks(draft, plan, by, proposed);
  draft.emit({ type: 'plan.proposed', attempt: attempt?.id ?? null, tasks: tasks.length });
  if (!proposed) return;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'plan',
    task: attempt?.task ?? null,
    attempt: null,
    title: draft.context.keep(`Approve the plan of ${tasks.length} tasks?`),
    detail: null,
  });
}

/** Opens the ghost tasks. */
export function approvePlan(draft: Draft, by: string): void {
  const ghosts = Object.values(draft.goal.tasks).filter((task) => task.status === 'proposed');
  if (ghosts.length === 0) {
    const emptied = draft.goal.status === 'awaiting-approval';
    refuseWith(
      'nothing-to-approve',
      'There is no plan to approve.',
      emptied ? 'All its tasks were taken out.' : 'No task is proposed.',
      emptied ? 'Add a task, or turn the plan down and say what is wanted.' : 'Wait for the Lead.',
    );
  }
  draft.emit({ type: 'plan.approved', by });
  closePlanItems(draft, 'allow', by);
}

/** Closes what asks about a plan that is decided on. */
export function closePlanItems(draft: Draft, answer: 'allow' | 'deny', by: string): void {
  for (const item of Object.values(draft.goal.items)) {
    if (item.kind === 'plan' && !item.closed)
      draft.emit({ type: 'item.closed', item: item.id, answer, text: null, by });
  }
}
