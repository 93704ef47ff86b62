import type { Assignee } from '#protocol/model/goal/parts.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand, ProposedTask, StateGoal } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';

/** States the goal and gives the first task: planning to the Lead, or everything to the one agent. */
export function stateGoal(draft: Draft, command: StateGoal): void {
  if (draft.goal.status !== null)
    refuseWith('already-stated', 'The goal is stated already.', 'A goal is stated once.', 'State a new goal.');
  const { type: _, text, crew, agents, ...rest } = command;
  const body = draft.context.keep(text);
  draft.emit({ type: 'goal.stated', ...rest, text: body, crew: draft.context.keep(crew), agents: [...agents] });
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

/** Whether somebody in the crew can take a task with this assignee. */
export function agentsFor(goal: Goal, assignee: Assignee): string[] {
  const all = Object.values(goal.agents);
  switch (assignee.kind) {
    case 'agent':
      return all.filter((agent) => agent.id === assignee.agent).map((agent) => agent.id);
    case 'role':
      return all.filter((agent) => agent.role === assignee.role).map((agent) => agent.id);
    case 'anyone':
      return all.filter((agent) => !agent.lead).map((agent) => agent.id);
  }
}

function problemsOf(goal: Goal, tasks: readonly ProposedTask[]): string[] {
  const problems: string[] = [];
  const keys = new Set<string>();
  for (const task of tasks) {
    const folded = task.key.normalize('NFC').toLowerCase();
    if (keys.has(folded)) problems.push(`key "${task.key}" is used twice`);
    keys.add(folded);
    if (task.title.trim() === '') problems.push(`task "${task.key}" has no title`);
    if (agentsFor(goal, task.assignee).length === 0) {
      const roles = [...new Set(Object.values(goal.agents).map((agent) => agent.role))].join(', ');
      problems.push(`nobody can take "${task.key}" (roles: ${roles})`);
    }
  }
  const known = new Set(tasks.map((task) => task.key));
  for (const task of tasks) {
    for (const on of task.dependsOn) {
      if (!known.has(on) && !goal.tasks[on]) problems.push(`"${task.key}" depends on "${on}", which does not exist`);
    }
  }
  const cycle = findCycle(new Map(tasks.map((task) => [task.key, task.dependsOn])));
  if (cycle) problems.push(`tasks wait for each other: ${cycle.join(' -> ')}`);
  return problems;
}

/** A cycle in a dependency graph, as the names along it, or null. Iterative: chains may be long. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: Array<{ node: string; leave: boolean }> = [{ node: start, leave: false }];
    for (let step = stack.pop(); step; step = stack.pop()) {
      const { node, leave } = step;
      if (leave) {
        onPath.delete(node);
        path.pop();
        done.add(node);
        continue;
      }
      if (onPath.has(node)) return [...path.slice(path.indexOf(node)), node];
      if (done.has(node)) continue;
      onPath.add(node);
      path.push(node);
      stack.push({ node, leave: true });
      for (const next of graph.get(node) ?? []) if (graph.has(next)) stack.push({ node: next, leave: false });
    }
  }
  return null;
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
  const room = draft.goal.limits.tasks - Object.keys(draft.goal.tasks).length;
  if (tasks.length > room) {
    refuseWith(
      'too-many-tasks',
      `The goal may have ${draft.goal.limits.tasks} tasks.`,
      `${tasks.length} more do not fit.`,
      'Propose fewer, larger tasks.',
    );
  }
  const problems = problemsOf(draft.goal, tasks);
  if (problems.length > 0) {
    refuseWith(
      'bad-plan',
      'The tasks do not fit together.',
      `${problems.slice(0, 20).join('; ')}.`,
      'Correct these and propose again.',
    );
  }
  const ids = new Map(tasks.map((task) => [task.key, draft.id('task')]));
  for (const task of tasks) {
    draft.emit({
      type: 'task.added',
      task: ids.get(task.key) ?? '',
      kind: 'work',
      title: draft.context.keep(task.title.trim()),
      brief: draft.context.keep(task.brief),
      assignee: task.assignee,
      dependsOn: task.dependsOn.map((on) => ids.get(on) ?? on),
      proposed,
      by,
      about: null,
    });
  }
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
  const proposed = draft.goal.mode === 'ask';
  const tasks = addTasks(draft, command.tasks, attempt.agent, proposed);
  draft.emit({ type: 'plan.proposed', attempt: attempt.id, tasks: tasks.length });
  if (!proposed) return;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'plan',
    task: attempt.task,
    attempt: null,
    title: draft.context.keep(`Approve the plan of ${tasks.length} tasks?`),
    detail: null,
  });
}

/** Opens the ghost tasks. */
export function approvePlan(draft: Draft, by: string): void {
  const ghosts = Object.values(draft.goal.tasks).filter((task) => task.status === 'proposed');
  if (ghosts.length === 0)
    refuseWith('nothing-to-approve', 'There is no plan to approve.', 'No task is proposed.', 'Wait for the Lead.');
  draft.emit({ type: 'plan.approved', by });
  for (const item of Object.values(draft.goal.items)) {
    if (item.kind === 'plan' && !item.closed)
      draft.emit({ type: 'item.closed', item: item.id, answer: 'allow', text: null, by });
  }
}

/** Adds a dependency; refused when tasks would wait for each other. */
export function link(draft: Draft, task: string, on: string): void {
  const { dependsOn, status } = draft.task(task);
  draft.task(on);
  if (dependsOn.includes(on)) return;
  if (status !== 'open' && status !== 'proposed')
    refuseWith('too-late', 'The task has started.', 'Dependencies hold before the start.', 'Add a new task.');
  const graph = new Map(
    Object.values(draft.goal.tasks).map((each) => [
      each.id,
      each.id === task ? [...each.dependsOn, on] : each.dependsOn,
    ]),
  );
  const cycle = findCycle(graph);
  if (cycle)
    refuseWith(
      'cycle',
      'This would be a circle.',
      `${cycle.join(' waits for ')}.`,
      'Remove one of these dependencies first.',
    );
  draft.emit({ type: 'dependency.added', task, on });
}

/** Reassigns a task that has not started. */
export function assign(draft: Draft, task: string, assignee: Assignee): void {
  const { status } = draft.task(task);
  if (TASK_OVER.has(status) || status === 'active')
    refuseWith('too-late', 'The task is running or over.', `It is ${status}.`, 'Stop it first.');
  if (agentsFor(draft.goal, assignee).length === 0)
    refuseWith('nobody', 'Nobody in the crew can take this.', 'No agent has that role or id.', 'Choose another agent.');
  draft.emit({ type: 'task.assigned', task, assignee });
}
