import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { confinement } from '#main/features/crew/index.ts';
import type { GoalCommand, ProposedSpec } from '#main/features/goals/index.ts';
import { listTemplates, planPath } from '#main/features/plans/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { SpecChange } from '#protocol/contract/node.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';
import { inWords } from './plan-words.ts';
import { lacking, preview, roleViews } from './preview.ts';

const CEO = 'ceo';
/** Goals in which something may run or start. */
const ALIVE: ReadonlySet<Goal['status']> = new Set(['planning', 'awaiting-approval', 'running', 'verifying', 'stuck']);

/** An id that is the same when the same command comes again, so that its answer is too. */
function idFor(parts: Parts, prefix: string, command: string | undefined, index = 0): string {
  if (command === undefined) return parts.newId(prefix);
  return `${prefix}_${createHash('sha256').update(`${prefix}:${command}:${index}`).digest('hex').slice(0, 20)}`;
}

/** A rule that is taken back keeps its key and loses its value. */
const taken = (change: SpecChange): ProposedSpec =>
  Object.fromEntries(Object.entries(change).map(([key, value]) => [key, value ?? undefined]));

/** What the CEO does to a plan on the graph. */
export function planOperations(parts: Parts): Operations['plan'] {
  const { goals, layouts, planFiles, runner } = parts;

  const known = (id: string): Result<Goal, Fault> => {
    const goal = goals.state(id);
    if (goal?.status) return ok(goal);
    return err(
      faultOf('no-such-goal', `There is no goal ${id}.`, 'It was never stated here.', 'Look at the list of goals.'),
    );
  };
  const run = async (
    goal: string,
    command: GoalCommand,
    id: string | undefined,
  ): Promise<Result<{ sequence: number }, Fault>> => {
    const result = await goals.execute(goal, command, id === undefined ? {} : { id });
    return result.ok
      ? ok({ sequence: result.value.sequence })
      : err(await inWords(parts.engine, goals.state(goal), result.error));
  };

  return {
    async addTasks(input) {
      const tasks = input.tasks.map(({ spec, ...task }, index) => ({
        ...task,
        ...(spec === undefined ? {} : { spec }),
        brief: task.brief ?? '',
        dependsOn: task.dependsOn ?? [],
        id: idFor(parts, 'task', input.command, index),
      }));
      const added = await run(input.goal, { type: 'add-tasks', tasks, by: CEO }, input.command);
      return added.ok ? ok({ ...added.value, tasks: tasks.map((task) => task.id) }) : added;
    },
    revise({ goal, task, title, brief, command }) {
      const said = { ...(title === undefined ? {} : { title }), ...(brief === undefined ? {} : { brief }) };
      return run(goal, { type: 'revise', task, ...said }, command);
    },
    async assign({ goal: id, task, assignee, command }) {
      const goal = known(id);
      if (!goal.ok) return goal;
      const lacks = lacking(goal.value, await runner.setupOf(goal.value), assignee);
      return lacks ? err(lacks) : run(id, { type: 'assign', task, assignee, by: CEO }, command);
    },
    unassign: ({ goal, task, command }) => run(goal, { type: 'unassign', task, by: CEO }, command),
    link: ({ goal, task, on, command }) => run(goal, { type: 'link', task, on }, command),
    unlink: ({ goal, task, on, command }) => run(goal, { type: 'unlink', task, on }, command),
    respec: ({ goal, task, spec, command }) => run(goal, { type: 'respec', task, spec: taken(spec), by: CEO }, command),
    signal: ({ goal, name, passed = true, note = '', command }) =>
      run(goal, { type: 'signal', name, passed, note, by: CEO }, command),
    async templates() {
      const templates = await listTemplates(join(parts.config.resources, 'plans'));
      return ok(
        templates.map(({ name, title, about, nodes }) => {
          const roles = [
            ...new Set(nodes.flatMap(({ role }) => (role === undefined || role === 'anyone' ? [] : [role]))),
          ];
          return { name, title, about, nodes: nodes.length, roles };
        }),
      );
    },
    async file(input) {
      const goal = known(input.goal);
      return goal.ok ? ok({ path: planPath(goal.value.id), text: await planFiles.textOf(goal.value) }) : goal;
    },
    async compareFile(input) {
      const goal = known(input.goal);
      const found = goal.ok ? await planFiles.compare(goal.value, input.text) : goal;
      return found.ok ? ok({ lines: [...found.value.lines] }) : found;
    },
    async applyFile(input) {
      const goal = known(input.goal);
      const found = goal.ok ? await planFiles.compare(goal.value, input.text) : goal;
      if (!found.ok) return found;
      return run(input.goal, { type: 'apply-plan', ...found.value.change, by: CEO }, input.command);
    },
    async preview(input) {
      const goal = known(input.goal);
      return goal.ok ? preview(parts, goal.value, input.task, input.agent) : goal;
    },
    async roles(input) {
      const goal = known(input.goal);
      return goal.ok ? ok(roleViews((await runner.setupOf(goal.value)).crew)) : goal;
    },
    async hire(input) {
      const goal = known(input.goal);
      if (!goal.ok) return goal;
      const { crew } = await runner.setupOf(goal.value);
      const file = Object.hasOwn(crew.roles, input.role) ? crew.roles[input.role] : undefined;
      if (!file) {
        const roles = Object.keys(crew.roles).join(', ');
        return err(
          faultOf(
            'no-such-role',
            `The crew has no role "${input.role}".`,
            `Its roles: ${roles}.`,
            'Choose one of these.',
          ),
        );
      }
      const agent = {
        id: idFor(parts, 'agent', input.command),
        name: input.name ?? null,
        title: file.title,
        role: input.role,
        driver: file.driver,
        model: input.model ?? file.model,
        lead: file.lead,
        ...confinement(file),
      };
      const hired = await run(input.goal, { type: 'hire', agent, by: CEO }, input.command);
      return hired.ok ? ok({ ...hired.value, agent: agent.id }) : hired;
    },
    dismiss: ({ goal, agent, command }) => run(goal, { type: 'dismiss', agent, by: CEO }, command),
    pauseAgent: ({ goal, agent, paused, command }) =>
      run(goal, { type: 'pause-agent', agent, paused, by: CEO }, command),
    async place({ goal: id, nodes, command }) {
      const goal = known(id);
      if (!goal.ok) return goal;
      const placed = await layouts.execute(id, { type: 'place', nodes }, command === undefined ? {} : { id: command });
      return placed.ok ? ok({ sequence: placed.value.sequence }) : placed;
    },
    async stopAll({ command }) {
      const alive = goals
        .ids()
        .flatMap((id) => goals.state(id) ?? [])
        .filter((goal) => ALIVE.has(goal.status));
      const running = alive.flatMap((goal) => Object.values(goal.runs).filter((each) => each.status !== 'ended'));
      for (const { id } of alive) {
        const held = await run(id, { type: 'hold', by: CEO }, command === undefined ? undefined : `${command}:${id}`);
        if (!held.ok) return held;
      }
      return ok({ goals: alive.length, runs: running.length });
    },
  };
}
