import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { git, makeRepository, openWorld, value, type World } from '../scenarios/kit.ts';
import { aios, claimed, done, lastOf, roleOf, saidIn, say, shell, turnsOf, write } from '../scenarios/model.ts';
import { drag, goTo, logIn, middle, openStudio, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;
const QUESTION = 'Which date format?';

let studio: Studio;
let world: World;
/** Whether an agent is held at its first answer, and what lets it go on. */
let holding = false;
let release = () => {};

beforeAll(async () => {
  studio = await openStudio();
}, 2 * MINUTE);
afterAll(() => studio.close());
afterEach(() => world.close());

const PLAN = [
  { key: 'a', title: 'Write the note', brief: 'notes.txt says hello.', role: 'backend' },
  { key: 'b', title: 'Ask first', brief: 'dates.txt holds the date.', role: 'frontend', depends_on: ['a'] },
];

/** What an agent does, by the task it was given; each answer is one step. */
function stepsOf(request: ModelRequest) {
  const said = saidIn(request);
  if (said.includes('Ask first'))
    return [
      shell('node --version'),
      aios('ask_ceo', { question: QUESTION }),
      write(request, 'dates.txt', 'ISO\n'),
      done(),
    ];
  const file = said.includes('Second thing') ? 'second.txt' : said.includes('First thing') ? 'first.txt' : 'notes.txt';
  return [write(request, file, 'one\ntwo\nthree\n'), done()];
}

async function model(request: ModelRequest): Promise<ModelReply> {
  const last = lastOf(request);
  if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
  const asked = /aios-message:([\w-]+)\]/.exec(last)?.[1];
  if (!asked && (last.includes('You have messages') || last.includes('unread messages')))
    return { blocks: [aios('read_messages')] };
  if (asked && last.includes('Comment on'))
    return {
      blocks: [aios('send_message', { to: 'ceo', subject: 'Re', body: 'Because two follows one.', reply_to: asked })],
    };
  if (roleOf(request) === 'lead')
    return { blocks: [turnsOf(request) === 0 ? aios('propose_plan', { tasks: PLAN }) : done()] };
  if (holding)
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  return { blocks: [stepsOf(request)[turnsOf(request)] ?? say('That was all.')] };
}

async function open(name: string) {
  world = await openWorld(name, { model });
  const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
  const window = await studio.window();
  await logIn(window, served);
  return { ...window, served };
}

const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const told = (page: Page, text: string | RegExp) =>
  page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: MINUTE });

/** States a goal in the composer on a repository that is trusted on the way. */
async function compose(page: Page, path: string, text: string, who: string): Promise<void> {
  await goTo(page, 'Graph');
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'State a goal' });
  await dialog.getByLabel('Repository').fill(path);
  const trust = dialog.getByRole('button', { name: 'I have looked; trust it' });
  const ready = dialog.getByText(/on main at/);
  await ready.waitFor();
  if (await trust.isVisible()) await trust.click();
  await expect.poll(() => trust.isVisible()).toBe(false);
  await dialog.getByLabel('What should be true at the end?').fill(text);
  await dialog.getByLabel('Who does it').selectOption(who);
  await dialog.getByRole('button', { name: /^Start/ }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Chooses the folder `app` of the world as a person does, on Start. */
async function chooseRepository(page: Page): Promise<void> {
  await goTo(page, 'Start');
  await page.getByRole('button', { name: 'Choose a repository…' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose a folder' });
  await picker.getByLabel('Path').fill(world.folder);
  await picker.getByRole('button', { name: /^app/ }).click();
  await picker.getByRole('button', { name: 'Use this folder' }).click();
}

test('a repository is chosen and trusted, the Lead’s plan is edited and approved, an approval and a question are answered', {
  timeout: 4 * MINUTE,
}, async () => {
  const { page, problems } = await open('e2e-goal');
  const repo = await makeRepository(join(world.folder, 'app'), {
    'README.md': '# App\n',
    'package.json': '{"name":"app","scripts":{"test":"node -e 0"}}\n',
  });
  await chooseRepository(page);
  const composer = page.getByRole('dialog', { name: 'State a goal' });
  await composer.getByRole('button', { name: 'I have looked; trust it' }).click();
  await composer.getByLabel('What should be true at the end?').fill('Dates are written down');
  await composer.getByLabel('Who does it').selectOption('crew');
  await composer.getByLabel('The plan').selectOption('ask');
  await composer.getByRole('button', { name: /^Start/ }).click();

  await told(page, 'The plan of 2 tasks waits for you.');
  await shoot(page, 'e2e-ghosts');
  await card(page, 'Write the note').click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill('Write the greeting');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await card(page, 'Write the greeting').waitFor();
  await page.getByRole('button', { name: 'Approve plan' }).click();

  await goTo(page, 'Inbox');
  await told(page, 'node --version');
  await shoot(page, 'e2e-inbox');
  await page.keyboard.press('y');
  await told(page, QUESTION);
  await page.getByLabel('Your reply').fill('ISO 8601');
  await page.keyboard.press('Control+Enter');
  await goTo(page, 'Review');
  await page
    .getByRole('button', { name: 'Accept…' })
    .first()
    .click({ timeout: 2 * MINUTE });
  await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
  await told(page, /Accepted: main is at/);
  expect(await git(repo, 'show', 'main:dates.txt')).toBe('ISO');
  expect(problems).toEqual([]);
});

test('a first small goal: three questions, one agent, a dollar at most, the difference, accepted', {
  timeout: 3 * MINUTE,
}, async () => {
  const { page, problems } = await open('e2e-small');
  const repo = await makeRepository(join(world.folder, 'app'), {
    'README.md': '# App\n',
    'package.json': '{"name":"app","scripts":{"test":"node -e 0"}}\n',
  });
  await chooseRepository(page);
  const composer = page.getByRole('dialog', { name: 'State a goal' });
  await composer.getByRole('button', { name: 'I have looked; trust it' }).click();
  await composer.getByLabel('What should be true at the end?').fill('A note is there');
  expect(await composer.getByLabel('Who does it').inputValue()).toBe('backend');
  expect(await composer.getByLabel('It may spend').inputValue()).toBe('1');
  await composer.getByRole('button', { name: /^Start/ }).click();
  await goTo(page, 'Review');
  const accept = page.getByRole('button', { name: 'Accept…' }).first();
  await accept.waitFor({ timeout: 2 * MINUTE });
  await page.getByText('notes.txt').first().waitFor();
  await accept.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
  await told(page, /Accepted: main is at/);
  expect(await git(repo, 'show', 'main:notes.txt')).toContain('two');
  expect(problems).toEqual([]);
});

test('tasks are written, dragged by mouse and by key, taken back, linked by hand, commented on, accepted and replayed', {
  timeout: 5 * MINUTE,
}, async () => {
  const { page, problems } = await open('e2e-board');
  await compose(page, world.repo, 'My tasks', 'board');
  await told(page, 'Nothing is planned yet');

  await page.keyboard.press('h');
  await page.getByRole('dialog', { name: 'Hire an agent' }).getByLabel('Name (optional)').fill('Ada');
  await page.getByRole('dialog', { name: 'Hire an agent' }).getByRole('button', { name: 'Hire' }).click();
  await card(page, 'Ada').waitFor();

  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('First thing');
  await dialog.getByRole('button', { name: 'Add' }).click();
  const dock = page.getByRole('complementary', { name: 'Backlog' });
  await dialog.waitFor({ state: 'detached' });
  await dock.getByLabel('New task').fill('Second thing');
  await page.keyboard.press('Enter');
  const first = dock.getByRole('button', { name: 'First thing' });
  const second = dock.getByRole('button', { name: 'Second thing' });

  // Both are laid on the canvas, and an edge is drawn from the one to the other.
  const stage = await middle(page, page.locator('.react-flow__pane'));
  await drag(page, await middle(page, first), { x: stage.x - 320, y: stage.y + 120 });
  await drag(page, await middle(page, second), { x: stage.x + 140, y: stage.y + 120 });
  await shoot(page, 'e2e-placed');
  const from = await middle(page, card(page, 'First thing').locator('.react-flow__handle-right'));
  const to = await middle(page, card(page, 'Second thing').locator('.react-flow__handle-left'));
  await drag(page, from, to);
  await shoot(page, 'e2e-linked');
  await told(page, /“Second thing” now waits for “First thing”/);
  // The other way round is a circle, and is refused with the way round it.
  const back = await middle(page, card(page, 'Second thing').locator('.react-flow__handle-right'));
  await drag(page, back, await middle(page, card(page, 'First thing').locator('.react-flow__handle-left')));
  await told(page, 'They would wait for each other.');

  await drag(page, await middle(page, card(page, 'First thing')), await middle(page, card(page, 'Ada')), async () => {
    await told(page, 'no estimate yet');
    await shoot(page, 'e2e-drag');
  });
  await told(page, /“First thing” was given to Ada/);
  await page
    .getByRole('listitem')
    .filter({ hasText: 'was given to Ada' })
    .getByRole('button', { name: /^Undo/ })
    .click();
  await told(page, /“First thing” is back in the backlog/);
  await drag(page, await middle(page, card(page, 'First thing')), await middle(page, card(page, 'Ada')));
  await expect.poll(() => card(page, 'First thing').innerText()).toContain('Ada');

  await card(page, 'Second thing').click();
  await page.keyboard.press('a');
  const assign = page.getByRole('dialog', { name: 'Give to an agent' });
  await assign.getByText('First thing').waitFor();
  await assign.getByRole('button', { name: 'Give' }).click();

  await goTo(page, 'Review');
  await page
    .getByRole('button', { name: 'Accept…' })
    .first()
    .waitFor({ timeout: 2 * MINUTE });
  await shoot(page, 'e2e-review');
  await page.getByRole('row', { name: /two/ }).click();
  await page.keyboard.press('c');
  await page.getByPlaceholder(/^What should be different\?/).fill('Why two?');
  await page.keyboard.press('Control+Enter');
  await shoot(page, 'e2e-commented');
  await told(page, 'Because two follows one.');
  await page
    .getByRole('button', { name: 'Accept…' })
    .first()
    .click({ timeout: 2 * MINUTE });
  await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
  await told(page, /Accepted: main is at/);
  expect(await git(world.repo, 'show', 'main:second.txt')).toBe('one\ntwo\nthree');

  await goTo(page, 'Graph');
  await page.getByRole('button', { name: 'One step back' }).click();
  await told(page, 'You are looking at a past moment.');
  const bar = page.getByRole('slider', { name: 'Moment' });
  await bar.evaluate((slider: HTMLInputElement) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(slider, '4');
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect.poll(() => card(page, 'Second thing').count()).toBe(0);
  await shoot(page, 'e2e-past');
  await page.getByRole('button', { name: 'Back to live' }).click();
  await card(page, 'Second thing').waitFor();
  expect(problems).toEqual([]);
});

test('an agent is written to and interrupted, and a second window sees it all', {
  timeout: 3 * MINUTE,
}, async () => {
  const { page, served, problems } = await open('e2e-talk');
  holding = true;
  await compose(page, world.repo, 'Write the note slowly', 'backend');
  await page.locator('[data-agent]').first().click({ timeout: MINUTE });
  await expect.poll(() => page.locator('[data-agent]').first().innerText(), { timeout: MINUTE }).toContain('working');
  const other = await studio.window();
  await logIn(other, served);
  await goTo(other.page, 'Graph');

  await page.getByLabel(/^Write to/).fill('Mind the tone');
  await page.keyboard.press('Control+Enter');
  await told(page, /message.*sent|was sent/i);
  await page.getByRole('button', { name: /^Interrupt/ }).click();
  await told(other.page, /needs you/);
  holding = false;
  release();
  await page.getByRole('button', { name: /^Resume/ }).click({ timeout: MINUTE });
  await goTo(page, 'Review');
  await page
    .getByRole('button', { name: 'Accept…' })
    .first()
    .waitFor({ timeout: 2 * MINUTE });
  expect([...problems, ...other.problems]).toEqual([]);
});
