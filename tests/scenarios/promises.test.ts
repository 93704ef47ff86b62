import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { goalOf, openWorld, present, ready, state, value, type World, waitFor } from './kit.ts';
import { say } from './model.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CREW = `
name: hands
title: Hands
limits: { usd: 5 }
roles:
  worker: { title: Worker, count: 2, prompt: Work., driver: scripted, model: claude-sonnet-5-5, tools: [read, edit, shell], writable: ["**"], aiosTools: [complete_task] }
`;
const complete: Step = { mcp: { tool: 'complete_task', input: { status: 'done', summary: 'Done.' } } };

let world: World;
let crew: string;
beforeAll(async () => {
  world = await openWorld('promises', { model: () => ({ blocks: [say('Hello.')] }), agentCap: 3 });
  crew = join(world.folder, 'hands.yaml');
  await writeFile(crew, CREW);
});
afterAll(() => world.close());

/** A board with tasks that each write a file, and its two agents. */
async function board(
  keys: readonly string[],
): Promise<{ goal: string; tasks: readonly string[]; agents: readonly string[] }> {
  const goal = await state(world, { text: 'Errands', crew, board: true, agent: undefined });
  const agents = Object.values((await goalOf(world.operations, goal)).agents)
    .filter((agent) => agent.role === 'worker')
    .map((agent) => agent.id);
  const written = keys.map((key) => ({
    key,
    title: `Task ${key}`,
    brief: JSON.stringify([{ edit: { path: `${key}.txt`, content: 'x\n' } }, complete]),
    assignee: { kind: 'nobody' as const },
  }));
  const { tasks } = value(await world.operations.plan.addTasks({ goal, tasks: written }, undefined));
  return { goal, tasks, agents };
}

const to = (agent = '') => ({ kind: 'agent' as const, agent });
const attemptOf = (goal: Goal, task: Task | undefined) => goal.attempts[task?.attempts.at(-1) ?? ''];

test('an edge that is drawn is a dependency: what it leads to starts only from what it came from', async () => {
  const { goal, tasks, agents } = await board(['from', 'to']);
  const [from = '', then = ''] = tasks;
  const { plan } = world.operations;
  value(await plan.link({ goal, task: then, on: from }, undefined));
  const circle = await plan.link({ goal, task: from, on: then }, undefined);
  expect(circle.ok).toBe(false);
  value(await plan.assign({ goal, task: then, assignee: to(agents[0]) }, undefined));
  // Its agent is free and it is assigned; still nothing of it begins before the other is done.
  value(await plan.assign({ goal, task: from, assignee: to(agents[1]) }, undefined));
  const first = await waitFor(world.operations, goal, (now) => (now.tasks[then]?.attempts.length ? now : null));
  expect(first.tasks[from]?.status).toBe('done');
  const ended = await ready(world.operations, goal);
  expect(attemptOf(ended, ended.tasks[then])?.base).toBe(attemptOf(ended, ended.tasks[from])?.mergeCommit);
});

test('everything that does not move says why, whose it is and what would help', async () => {
  const { goal, tasks, agents } = await board(['kept', 'linked']);
  const [kept = '', linked = ''] = tasks;
  const { plan, goals } = world.operations;
  value(await plan.link({ goal, task: linked, on: kept }, undefined));
  value(await plan.assign({ goal, task: linked, assignee: to(agents[0]) }, undefined));
  const said = value(await goals.why({ goal }, undefined));
  const about = (id: string) => present(said.find((each) => each.subject.id === id));
  expect(about(kept)).toMatchObject({ cause: 'backlog', owner: 'ceo', since: expect.any(Number) });
  expect(about(linked)).toMatchObject({ cause: 'dependency', since: expect.any(Number) });
  expect(about(linked).chain.map((link) => link.subject.id)).toContain(kept);
  for (const each of said) {
    expect(each.sentence).not.toBe('');
    expect(each.ownerSays).not.toBe('');
  }
  // The one thing that helps is done, and everything moves.
  expect(about(kept).action).toMatchObject({ do: 'assign', task: kept });
  value(await plan.assign({ goal, task: kept, assignee: to(agents[1]) }, undefined));
  await ready(world.operations, goal);
  const after = value(await goals.why({ goal }, undefined));
  expect(after.filter((each) => tasks.includes(each.subject.id))).toEqual([]);
});

test('an orchestrator that is killed at any instant loses nothing and does nothing twice', async () => {
  const env = { ...process.env, PARTS: 'kills', KILLS: '2', TASKS: '4', SEED: '7' };
  const child = spawn(process.execPath, ['tests/faults/main.ts'], { cwd: ROOT, env });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(said).not.toContain('FAIL');
  expect(said).toMatch(/ok\s+tasks lost, or not done\s+0/);
  expect(said).toMatch(/ok\s+effects doubled by one run\s+0/);
  expect(code).toBe(0);
}, 120_000);
