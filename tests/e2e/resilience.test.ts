import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { goalOf, openWorld, state, value, type World, waitFor } from '../scenarios/kit.ts';
import { claimed, done, saidIn, say, turnsOf, write } from '../scenarios/model.ts';
import { goTo, logIn, openStudio, type Studio, type Window } from './kit.ts';

const MINUTE = 60_000;

let studio: Studio;
let world: World;
let goal = '';
const windows: Window[] = [];
/** What agents wait for before their first answer; nothing when null. */
let held: PromiseWithResolvers<void> | null = null;

beforeAll(async () => {
  studio = await openStudio();
}, 2 * MINUTE);
afterAll(() => studio.close());
afterEach(async () => {
  held?.resolve();
  held = null;
  for (const { context } of windows.splice(0)) await context.close();
  await world.close();
});

async function model(request: ModelRequest): Promise<ModelReply> {
  if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
  await held?.promise;
  // Each task a file of its own: what changes nothing is not merged without the CEO.
  const file = saidIn(request).includes('Second thing') ? 'second.txt' : 'first.txt';
  return { blocks: [[write(request, file, 'one\n'), done()][turnsOf(request)] ?? say('That was all.')] };
}

const serve = async () => value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));

/** A board with an agent and two tasks that nobody has. */
async function openBoard(name: string) {
  world = await openWorld(name, { model });
  const served = await serve();
  goal = await state(world, { text: 'My tasks', agent: undefined, board: true });
  value(await world.operations.plan.hire({ goal, role: 'backend', name: 'Ada' }, undefined));
  await addTasks('First thing', 'Second thing');
  return served;
}

async function addTasks(...titles: string[]): Promise<void> {
  const tasks = titles.map((title) => ({ key: title, title, brief: title, assignee: { kind: 'nobody' as const } }));
  value(await world.operations.plan.addTasks({ goal, tasks }, undefined));
}

async function openWindow(served: Awaited<ReturnType<typeof serve>>): Promise<Window> {
  const window = await studio.window();
  windows.push(window);
  await logIn(window, served);
  await goTo(window.page, 'Graph');
  return window;
}

/** How long a busy machine may take to show what was done elsewhere. */
const SOON = { timeout: 10_000 };

const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const waiting = (page: Page, name: string) =>
  page.getByRole('complementary', { name: 'Backlog' }).getByRole('button', { name });
const offline = (page: Page) => page.getByText('The orchestrator does not answer.');

async function pointAt(page: Page, thing: Locator): Promise<void> {
  const box = await thing.boundingBox();
  if (!box) throw new Error('It has no place.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
}

/** How often something happened to a task, by the events that are kept. */
async function timesOf(type: string, title: string): Promise<number> {
  const { events } = value(await world.operations.feed.history({ goal, after: 0, limit: 1_000 }, undefined));
  const task = await taskNamed(title);
  return events.filter((event) => event.type === type && (event.data as { task?: string }).task === task).length;
}

async function taskNamed(title: string): Promise<string> {
  const { goals, texts } = value(await world.operations.feed.snapshot(undefined as never, undefined));
  const tasks = Object.values(goals.find(({ id }) => id === goal)?.tasks ?? {});
  return tasks.find((task) => texts[task.title.id] === title)?.id ?? '';
}

/** The id of the agent that was hired. */
async function ada(): Promise<string> {
  const { agents } = await goalOf(world.operations, goal);
  return Object.values(agents).find(({ name }) => name === 'Ada')?.id ?? '';
}

const merged = (count: number) =>
  waitFor(
    world.operations,
    goal,
    ({ attempts }) => Object.values(attempts).filter(({ mergeCommit }) => mergeCommit !== null).length >= count,
    MINUTE,
  );

test('a restart in the middle of a drag: the drop is refused plainly, the page comes back, and dropping again assigns once', {
  timeout: 3 * MINUTE,
}, async () => {
  const { page } = await openWindow(await openBoard('e2e-drag-restart'));
  await waiting(page, 'First thing').waitFor();
  await pointAt(page, waiting(page, 'First thing'));
  await page.mouse.down();
  await pointAt(page, card(page, 'Ada'));
  await world.restart();
  await offline(page).waitFor();
  // What is on the page moved down under the banner.
  await pointAt(page, card(page, 'Ada'));
  await page.mouse.up();
  await page.getByText('Nothing was sent.').waitFor();
  await waiting(page, 'First thing').waitFor();
  expect(await timesOf('task.assigned', 'First thing')).toBe(0);

  await serve();
  await offline(page).waitFor({ state: 'detached' });
  await pointAt(page, waiting(page, 'First thing'));
  await page.mouse.down();
  await pointAt(page, card(page, 'Ada'));
  await page.mouse.up();
  await merged(1);
  expect(await timesOf('task.assigned', 'First thing')).toBe(1);
  expect(await timesOf('attempt.started', 'First thing')).toBe(1);
  await waiting(page, 'Second thing').waitFor();
});

test('two windows: what one does the other shows, and a task given in both is worked on once', {
  timeout: 3 * MINUTE,
}, async () => {
  const served = await openBoard('e2e-two-windows');
  const one = await openWindow(served);
  const other = await openWindow(served);
  const offer = async ({ page }: Window, title: string) => {
    await waiting(page, title).click();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Give to an agent' });
    await dialog.getByRole('combobox').selectOption(await ada());
  };
  const give = ({ page }: Window) =>
    page.getByRole('dialog', { name: 'Give to an agent' }).getByRole('button', { name: 'Give' }).click();
  held = Promise.withResolvers();
  await offer(one, 'First thing');
  await give(one);
  await expect.poll(() => card(other.page, 'First thing').innerText(), SOON).toContain('Ada');

  await offer(one, 'Second thing');
  await offer(other, 'Second thing');
  await Promise.all([give(one), give(other)]);
  for (const { page } of [one, other])
    await expect.poll(() => card(page, 'Second thing').innerText(), SOON).toContain('Ada');
  held.resolve();
  await merged(2);
  expect(await timesOf('attempt.started', 'Second thing')).toBe(1);
  expect([...one.problems, ...other.problems]).toEqual([]);
});

test('a window that was cut off for a while shows the same as one that was not', { timeout: 2 * MINUTE }, async () => {
  const served = await openBoard('e2e-stale');
  const stale = await studio.window();
  windows.push(stale);
  await stale.page.addInitScript(() => {
    const Real = window.WebSocket;
    window.WebSocket = class extends Real {
      constructor(...given: ConstructorParameters<typeof Real>) {
        super(...given);
        window.addEventListener('cut', () => this.close());
      }
    };
  });
  await logIn(stale, served);
  const fresh = await openWindow(served);
  const boardOf = ({ page }: Window) => page.getByRole('main', { name: 'Board' }).innerText();
  for (const { page } of [stale, fresh]) await goTo(page, 'Board');
  await stale.page.getByText('First thing').first().waitFor();

  await stale.context.setOffline(true);
  await stale.page.evaluate(() => window.dispatchEvent(new Event('cut')));
  await offline(stale.page).waitFor();
  await addTasks('Third thing', 'Fourth thing');
  value(await world.operations.goals.cancelTask({ goal, task: await taskNamed('First thing') }, undefined));
  await fresh.page.getByText('Fourth thing').first().waitFor();
  expect(await boardOf(stale)).not.toContain('Third thing');
  expect(await boardOf(stale)).toContain('First thing');

  await stale.context.setOffline(false);
  await offline(stale.page).waitFor({ state: 'detached', timeout: 30_000 });
  await expect.poll(async () => (await boardOf(stale)) === (await boardOf(fresh))).toBe(true);
  expect(await boardOf(stale)).toContain('Fourth thing');
});

test('a session that is no longer good shows what to do, and what was typed is there after logging in again', {
  timeout: 2 * MINUTE,
}, async () => {
  const { page } = await openWindow(await openBoard('e2e-session'));
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('Half a thought');
  await world.restart();
  await offline(page).waitFor();
  // The address stays: what is remembered of it lies elsewhere.
  await rm(join(world.home, 'sessions.json'));
  const served = await serve();
  await page.getByText('npx aios open').waitFor({ timeout: 30_000 });

  await page.goto(served.oneTimeLink());
  await waiting(page, 'First thing').waitFor();
  await page.keyboard.press('n');
  expect(await dialog.getByLabel('Title').inputValue()).toBe('Half a thought');
});

test('a reload while an agent works keeps the login, the place and the work', { timeout: 3 * MINUTE }, async () => {
  const { page, problems } = await openWindow(await openBoard('e2e-reload'));
  held = Promise.withResolvers();
  const agent = await ada();
  const task = await taskNamed('First thing');
  value(await world.operations.plan.assign({ goal, task, assignee: { kind: 'agent', agent } }, undefined));
  await waitFor(world.operations, goal, ({ runs }) => Object.values(runs).some(({ status }) => status === 'running'));
  await page.reload();
  await page.getByRole('main', { name: 'Graph' }).waitFor();
  await expect.poll(() => card(page, 'First thing').innerText()).toContain('Ada');
  held.resolve();
  await merged(1);
  expect(await timesOf('attempt.started', 'First thing')).toBe(1);
  expect(problems).toEqual([]);
});

test('a view that was not opened yet is there while the orchestrator is away; one that could not be fetched comes at the next try', {
  timeout: 2 * MINUTE,
}, async () => {
  const { page } = await openWindow(await openBoard('e2e-parts'));
  const fetched = (part: string) =>
    page.waitForFunction(
      (name) => performance.getEntriesByType('resource').some((entry) => entry.name.includes(`/${name}-`)),
      part,
    );
  const broken = page.getByText('Settings could not be shown.');
  await page.route('**/assets/settings-*', (route) => route.abort());
  await goTo(page, 'Settings');
  await broken.waitFor();
  await page.unroute('**/assets/settings-*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('Search settings').waitFor();
  expect(await broken.count()).toBe(0);

  await fetched('timeline');
  await world.restart();
  await offline(page).waitFor();
  await goTo(page, 'Timeline');
  await page.getByText('Nothing has run yet').waitFor();
  expect(await page.getByText('could not be shown').count()).toBe(0);
});
