import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { attach } from '#main/client/index.ts';
import type { Snapshot } from '#protocol/contract/feed.ts';
import { interrupt, linkOf, ROOT } from '../bench/served.ts';
import { makeRepository, value } from '../scenarios/kit.ts';
import { goTo, openStudio, type Studio } from './kit.ts';

const MINUTE = 60_000;

let studio: Studio;
let folder = '';
let running: ChildProcess | null = null;

beforeAll(async () => {
  studio = await openStudio();
  folder = await mkdtemp(join(tmpdir(), 'aios-again-'));
}, 2 * MINUTE);
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  if (running) await interrupt(running);
});

/** `aios start` on the one data folder; resolves to its link. */
async function start(): Promise<string> {
  const env = { ...process.env, AIOS_HOME: join(folder, 'data'), HOME: folder };
  const child = spawn(process.execPath, [join(ROOT, 'bin/aios.mjs'), 'start', '--browser'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running = child;
  child.once('exit', () => {
    if (running === child) running = null;
  });
  return linkOf(child);
}

/** Opens a link; resolves to what the page was told to show first. */
async function open(page: Page, link: string): Promise<Snapshot | null> {
  const told = page.waitForResponse((response) => response.url().endsWith('/api/login'));
  await page.goto(link);
  const { first } = (await (await told).json()) as { readonly first: Snapshot | null };
  return first;
}

const operations = async () => value(await attach(join(folder, 'data')));

async function addTask(goal: string, title: string): Promise<void> {
  const client = await operations();
  const task = { key: title, title, brief: title, assignee: { kind: 'nobody' as const } };
  value(await client.operations.plan.addTasks({ goal, tasks: [task] }, undefined));
  client.close();
}

async function stateBoard(): Promise<string> {
  const path = await makeRepository(join(folder, 'repo'), { 'README.md': '# Sample\n' });
  const client = await operations();
  const found = value(await client.operations.projects.inspect({ path }, undefined));
  value(await client.operations.projects.trust({ path, digest: found.trust.digest }, undefined));
  const { goal } = value(await client.operations.goals.state({ path, text: 'My tasks', board: true }, undefined));
  client.close();
  return goal;
}

const waiting = (page: Page, name: string) =>
  page.getByRole('complementary', { name: 'Backlog' }).getByRole('button', { name });

test('a start shows the world as the last one left it, and goes on from there; after a crash it reads the journal first', {
  timeout: 3 * MINUTE,
}, async () => {
  const { page, context, problems } = await studio.window();
  expect(await open(page, await start())).toMatchObject({ sequence: 0, goals: [] });
  const goal = await stateBoard();
  await goTo(page, 'Graph');
  await addTask(goal, 'First thing');
  await waiting(page, 'First thing').waitFor();
  if (running) await interrupt(running);

  const left = await open(page, await start());
  expect(left?.goals.map(({ id }) => id)).toEqual([goal]);
  await waiting(page, 'First thing').waitFor();
  await addTask(goal, 'Second thing');
  await waiting(page, 'Second thing').waitFor();
  const killed = new Promise((resolve) => running?.once('exit', resolve));
  running?.kill('SIGKILL');
  await killed;

  expect(await open(page, await start())).toBeNull();
  await waiting(page, 'First thing').waitFor();
  await waiting(page, 'Second thing').waitFor();
  await context.close();
  // Only that nobody answered while there was nobody.
  expect(problems.filter((each) => !/ERR_CONNECTION|WebSocket/.test(each))).toEqual([]);
});
