import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitText } from '#main/features/workspaces/index.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import {
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  tagOf,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { say } from './model.ts';

const CREW = `
name: hands
title: Hands
limits: { usd: 5 }
roles:
  lead: { title: Lead, prompt: Plan., driver: scripted, model: claude-opus-5-5, lead: true, tools: [read], aiosTools: [propose_plan, complete_task] }
  worker: { title: Worker, prompt: Work., driver: scripted, model: claude-sonnet-5-5, tools: [read, edit, shell], writable: ["**"], aiosTools: [report_progress, complete_task], caps: { usd: 2 } }
  mute: { title: Mute, prompt: Sit., driver: scripted, model: claude-sonnet-5-5, tools: [read], aiosTools: [list_agents] }
`;

const complete: Step = { mcp: { tool: 'complete_task', input: { status: 'done', summary: 'Done.' } } };
const writes = (path: string): Step[] => [{ edit: { path, content: 'x\n' } }, complete];
/** Starts with a file, then never ends by itself. */
const lingers: Step[] = [
  { edit: { path: 'half.txt', content: 'half\n' } },
  { mcp: { tool: 'report_progress', input: { note: 'Half way.' } } },
  { hang: true },
];

let world: World;
let crew: string;
beforeAll(async () => {
  world = await openWorld('board', { model: () => ({ blocks: [say('Hello.')] }), agentCap: 3 });
  crew = join(world.folder, 'hands.yaml');
  await writeFile(crew, CREW);
});
afterAll(() => world.close());

const plan = () => world.operations.plan;

async function board(): Promise<{ goal: string; worker: string; mute: string }> {
  const goal = await state(world, { text: 'Errands', crew, board: true, agent: undefined });
  const agents = Object.values((await goalOf(world.operations, goal)).agents);
  const named = (role: string) => present(agents.find((agent) => agent.role === role)).id;
  return { goal, worker: named('worker'), mute: named('mute') };
}

async function write(goal: string, tasks: Array<{ key: string; steps: readonly Step[]; dependsOn?: string[] }>) {
  const written = tasks.map(({ key, steps, dependsOn = [] }) => ({
    key,
    title: `Title of ${key}`,
    brief: JSON.stringify(steps),
    assignee: { kind: 'nobody' as const },
    dependsOn,
  }));
  return value(await plan().addTasks({ goal, tasks: written }, undefined)).tasks;
}

async function inHub(goal: Goal, ...args: string[]): Promise<string[]> {
  const said = value(await gitText(args, { gitDir: join(world.home, 'hubs', `${goal.project}.git`) }));
  return said.trim().split('\n');
}

const to = (agent: string) => ({ kind: 'agent' as const, agent });
const attemptsOf = (goal: Goal, task: string): Attempt[] =>
  (goal.tasks[task]?.attempts ?? []).flatMap((id) => goal.attempts[id] ?? []);
const halfWay = (task: string) => (goal: Goal) => attemptsOf(goal, task).find((each) => each.note !== null);

describe('a board', () => {
  it('starts empty without a Lead, and runs what is dropped on an agent to a merged, checked whole', async () => {
    const { goal, worker } = await board();
    expect((await goalOf(world.operations, goal)).status).toBe('running');
    const command = 'cmd_board_tasks_1';
    const tasks = [
      { key: 'a', title: 'First', brief: JSON.stringify(writes('a.txt')), assignee: { kind: 'nobody' as const } },
      { key: 'b', title: 'Second', brief: JSON.stringify(writes('b.txt')), assignee: to(worker), dependsOn: ['a'] },
    ];
    const added = value(await plan().addTasks({ goal, tasks, command }, undefined));
    expect(value(await plan().addTasks({ goal, tasks, command }, undefined)).tasks).toEqual(added.tasks);
    const [first = '', second = ''] = added.tasks;
    const shown = value(await plan().preview({ goal, task: second, agent: worker }, undefined));
    expect(shown).toMatchObject({
      driver: 'scripted',
      model: 'claude-sonnet-5-5',
      estimateNanos: null,
      capNanos: 2e9,
      refusal: null,
    });
    expect(shown.waitsFor).toEqual(['"First", which is not done']);
    expect(shown.privacy).toContain('127.0.0.1');
    const circle = await plan().link({ goal, task: first, on: second }, undefined);
    expect(circle.ok ? '' : circle.error.why).toBe('"First" waits for "Second" waits for "First".');
    value(await plan().assign({ goal, task: first, assignee: to(worker) }, undefined));
    const ended = await ready(world.operations, goal);
    const files = await inHub(ended, 'ls-tree', '--name-only', ended.branch);
    expect(files).toEqual(['.aios', 'README.md', 'a.txt', 'b.txt']);
    expect(Object.values(ended.tasks).map((task) => task.status)).toEqual(['done', 'done']);
  });

  it('takes a drop back: the run stops, the work is kept as a snapshot, the task waits in the backlog', async () => {
    const { goal, worker } = await board();
    const [task = ''] = await write(goal, [{ key: 'long', steps: lingers }]);
    value(await plan().assign({ goal, task, assignee: to(worker) }, undefined));
    await waitFor(world.operations, goal, halfWay(task));
    const refused = await plan().assign({ goal, task, assignee: to(worker) }, undefined);
    expect(tagOf(refused)).toBe('too-late');
    value(await plan().unassign({ goal, task }, undefined));
    const back = await goalOf(world.operations, goal);
    expect(back.tasks[task]).toMatchObject({ status: 'open', assignee: { kind: 'nobody' } });
    await waitFor(world.operations, goal, (now) => Object.values(now.runs).every((run) => run.status === 'ended'));
    const kept = `refs/aios/snapshots/${attemptsOf(back, task)[0]?.id}`;
    await world.restart();
    expect(await inHub(back, 'ls-tree', '--name-only', kept)).toContain('half.txt');
  });

  it('leaves no workspace of a drop that is taken back at once', async () => {
    const { goal, worker } = await board();
    const [task = ''] = await write(goal, [{ key: 'quick', steps: writes('quick.txt') }]);
    value(await plan().assign({ goal, task, assignee: to(worker) }, undefined));
    value(await plan().unassign({ goal, task }, undefined));
    value(await plan().assign({ goal, task, assignee: to(worker) }, undefined));
    const [first] = attemptsOf(await ready(world.operations, goal), task);
    const folder = join(world.home, 'workspaces', goal);
    await expect.poll(() => readdirSync(folder).includes(first?.id ?? ''), { timeout: 10_000 }).toBe(false);
    expect(first).toMatchObject({ status: 'cancelled', runs: [] });
  });

  it('hires with a model of its own choice, and the run uses it', async () => {
    const { goal } = await board();
    expect(value(await plan().roles({ goal }, undefined)).map((role) => role.role)).toEqual(['lead', 'worker', 'mute']);
    expect(tagOf(await plan().hire({ goal, role: 'pilot' }, undefined))).toBe('no-such-role');
    const command = 'cmd_board_hire_1';
    const hired = value(await plan().hire({ goal, role: 'worker', model: 'claude-opus-5-5', command }, undefined));
    expect(value(await plan().hire({ goal, role: 'worker', model: 'claude-opus-5-5', command }, undefined)).agent).toBe(
      hired.agent,
    );
    const record = (await goalOf(world.operations, goal)).agents[hired.agent];
    expect(record).toMatchObject({ name: 'Worker 2', model: 'claude-opus-5-5' });
    const [task = ''] = await write(goal, [{ key: 'c', steps: [{ model: 'Hi.' }, ...writes('c.txt')] }]);
    const shown = value(await plan().preview({ goal, task, agent: hired.agent }, undefined));
    expect(shown).toMatchObject({ model: 'claude-opus-5-5', waitsFor: [], refusal: null });
    value(await plan().assign({ goal, task, assignee: to(hired.agent) }, undefined));
    await ready(world.operations, goal);
    expect(world.model.requests.at(-1)?.model).toBe('claude-opus-5-5');
    value(await plan().dismiss({ goal, agent: hired.agent }, undefined));
    expect(value(await plan().preview({ goal, task, agent: hired.agent }, undefined)).refusal?.tag).toBe('task-over');
  });

  it('refuses an agent whose role cannot finish a task', async () => {
    const { goal, mute } = await board();
    const [task = ''] = await write(goal, [{ key: 'd', steps: writes('d.txt') }]);
    expect(value(await plan().preview({ goal, task, agent: mute }, undefined)).refusal?.tag).toBe('role-lacks-tool');
    expect(tagOf(await plan().assign({ goal, task, assignee: to(mute) }, undefined))).toBe('role-lacks-tool');
  });

  it('stops all with one command and goes on from there', async () => {
    const { goal, worker } = await board();
    const [task = ''] = await write(goal, [{ key: 'e', steps: lingers }]);
    value(await plan().assign({ goal, task, assignee: to(worker) }, undefined));
    await waitFor(world.operations, goal, halfWay(task));
    const stopped = value(await plan().stopAll({ command: 'cmd_stop_all_1' }, undefined));
    expect(stopped.runs).toBe(1);
    const held = await waitFor(world.operations, goal, (now) =>
      attemptsOf(now, task)[0]?.status === 'waiting' ? now : null,
    );
    expect(held).toMatchObject({ paused: true, items: {} });
    value(await world.operations.goals.continue({ goal }, undefined));
    await waitFor(world.operations, goal, (now) => attemptsOf(now, task)[0]?.runs.length === 2);
  });

  it('allows a command for the attempt, and a pattern only where it fits', async () => {
    const { goal, worker } = await board();
    const asks: Step[] = [{ shell: ['printenv', 'HOME'] }, { shell: ['printenv', 'HOME'] }, { shell: ['uname', '-a'] }];
    const [task = ''] = await write(goal, [{ key: 'f', steps: [...asks, ...writes('f.txt')] }]);
    value(await plan().assign({ goal, task, assignee: to(worker) }, undefined));
    const answer = async (item: string, said: 'allow-session' | 'allow-always', text = '') =>
      world.operations.goals.answer({ goal, item, answer: said, text }, undefined);
    const first = await waitFor(world.operations, goal, (now) => openItem(now, 'approval'));
    value(await answer(first.id, 'allow-session'));
    const second = await waitFor(world.operations, goal, (now) => openItem(now, 'approval'));
    const asked = (await textsIn(world.operations))[second.detail?.id ?? ''];
    expect(asked).toBe('uname -a');
    expect(tagOf(await answer(second.id, 'allow-always', 'uname -r'))).toBe('pattern-does-not-fit');
    value(await answer(second.id, 'allow-always', 'uname'));
    const ended = await ready(world.operations, goal);
    expect(Object.values(ended.items)).toHaveLength(2);
    expect(Object.keys(ended.remembered)).toEqual([worker]);
  });

  it('keeps places, through a restart', async () => {
    const { goal } = await board();
    const nodes = [{ id: 'task_1', x: 10, y: -4.5, pinned: true }];
    value(await plan().place({ goal, nodes }, undefined));
    expect(tagOf(await plan().place({ goal: 'goal_none', nodes }, undefined))).toBe('no-such-goal');
    await world.restart();
    const { layouts } = await snapshotOf(world.operations);
    expect(layouts.find((layout) => layout.id === goal)?.places).toEqual({ task_1: { x: 10, y: -4.5, pinned: true } });
  });
});
