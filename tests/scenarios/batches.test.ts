import { readFileSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '#main/platform/clock.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { git, goalOf, openWorld, ready, state, temporary, value, type World, waitFor } from './kit.ts';
import { say } from './model.ts';

const KEYS = ['one', 'left', 'two', 'right', 'three'];
const CREW = `
name: five
title: Five
limits: { usd: 5 }
roles:
  worker: { title: Worker, count: 5, prompt: Work., driver: scripted, model: claude-sonnet-5-5, tools: [read, edit, shell], writable: ["**"], aiosTools: [read_messages, complete_task] }
`;
const complete: Step = { mcp: { tool: 'complete_task', input: { status: 'done', summary: 'Done.' } } };
const together: Step[] = [{ edit: { path: 'right.txt', content: 'together\n' } }, complete];

/** Left and right are good alone and bad together; then the check says how to mend it. It waits where the test wants it to. */
const check = (gates: string) => `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const merged = process.cwd().includes('/checks/');
if (merged) appendFileSync('${gates}/log', 'check\\n');
while (!existsSync(merged ? '${gates}/merges' : '${gates}/checks')) await new Promise((done) => setTimeout(done, 20));
const text = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
if (text('left.txt') !== '' && text('right.txt') === 'apart\\n') {
  console.log(${JSON.stringify(JSON.stringify(together))});
  process.exit(1);
}
`;

let world: World;
let gates: string;
afterEach(async () => {
  await world.close();
  await rm(gates, { recursive: true, force: true });
});

const statuses = (goal: Goal) => Object.values(goal.attempts).map((attempt) => attempt.status);

test('what waits is merged together, the culprit is found and mended by its author, and every merge is its own', async () => {
  gates = temporary('gates');
  const open = (gate: string) => writeFileSync(join(gates, gate), '');
  // A second of the test is a minute and more of the goal: long checks are what batches are for.
  const real = systemClock();
  const began = real.now();
  const clock: Clock = { ...real, now: () => began + (real.now() - began) * 200 };
  world = await openWorld('batches', {
    model: () => ({ blocks: [say('Hello.')] }),
    files: { 'README.md': '# Sample\n', 'check.mjs': check(gates) },
    verify: 'node check.mjs',
    agentCap: 5,
    overrides: { clock, sandbox: 'none' },
  });
  const crew = join(world.folder, 'five.yaml');
  await writeFile(crew, CREW);
  const goal = await state(world, { text: 'Five', crew, board: true, agent: undefined });
  const agents = Object.keys((await goalOf(world.operations, goal)).agents);
  const tasks = KEYS.map((key, index) => ({
    key,
    title: `Task ${key}`,
    brief: JSON.stringify([{ edit: { path: `${key}.txt`, content: 'apart\n' } }, complete]),
    assignee: { kind: 'agent' as const, agent: agents[index] ?? '' },
    dependsOn: [],
  }));
  value(await world.operations.plan.addTasks({ goal, tasks }, undefined));
  await waitFor(world.operations, goal, (now) => statuses(now).filter((each) => each === 'verifying').length === 5);
  open('checks');
  await waitFor(world.operations, goal, (now) => now.mergeQueue.length === 4 && statuses(now).includes('merging'));
  open('merges');
  const ended = await ready(world.operations, goal);

  const history = value(await world.operations.feed.history({ goal, after: 0, limit: 2_000 }, undefined));
  const events = history.events.map((event) => ({ type: event.type, ...(event.data as object) }) as GoalEvent);
  const batches = events.flatMap((event) => (event.type === 'batch.ordered' ? [event.members.length] : []));
  expect(batches).toEqual([3]);
  const disagreed = events.flatMap((event) =>
    event.type === 'collision.seen' && event.kind === 'semantic' ? [event] : [],
  );
  expect(disagreed).toHaveLength(1);
  expect(Object.values(ended.runs).filter((run) => run.reason === 'merge-rejected')).toHaveLength(1);
  expect(statuses(ended)).toEqual(KEYS.map(() => 'merged'));
  const hub = join(world.home, 'hubs', `${ended.project}.git`);
  const merges = await git(
    world.repo,
    '--git-dir',
    hub,
    'log',
    '--first-parent',
    '--merges',
    '--format=%s',
    ended.branch,
  );
  expect(merges.split('\n').sort()).toEqual(KEYS.map((key) => `Task ${key}`).sort());
  const checks = readFileSync(join(gates, 'log'), 'utf8').trim().split('\n').length;
  expect(checks).toBeLessThanOrEqual(7);
});
