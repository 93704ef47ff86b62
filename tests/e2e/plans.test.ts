import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { openWorld, value, type World } from '../scenarios/kit.ts';
import { aios, claimed, done, lastOf, roleOf, saidIn, say, shell, write } from '../scenarios/model.ts';
import { accessibilityProblems, goTo, logIn, openStudio, putTheme, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;
const GOAL = 'Version 2';

let studio: Studio;
let world: World;
/** Agents are held at their first answer until this resolves. */
let held: Promise<void>;
let release = () => {};

beforeAll(async () => {
  studio = await openStudio();
  held = new Promise((resolve) => {
    release = resolve;
  });
}, 2 * MINUTE);
afterAll(() => studio.close());
afterEach(() => {
  release();
  return world.close();
});

/** An agent that writes one file and is done, or looks at a diff and approves it. */
async function model(request: ModelRequest): Promise<ModelReply> {
  const last = lastOf(request);
  if (!request.tools?.length || claimed(request) || last.includes('Recorded.'))
    return { blocks: [say('That was all.')] };
  await held;
  if (saidIn(request).includes('Review the work of a colleague') && !last.includes('diff --git'))
    return { blocks: [shell('git diff aios/goal...HEAD')] };
  if (last.includes('diff --git')) return { blocks: [aios('review', { verdict: 'approve', comments: 'Good.' })] };
  if (last.includes('has been updated') || last.includes('created successfully')) return { blocks: [done()] };
  const title = /Your task: ([^\n"\\]+)/.exec(saidIn(request))?.[1] ?? '';
  const file = `${roleOf(request) === 'qa' ? 'tests' : 'scripts'}/${title.replaceAll(/\W+/g, '-')}.txt`;
  return { blocks: [write(request, file, `${title}\n`)] };
}

const told = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: MINUTE });
const task = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

/** A screenshot in each theme, and what axe finds in either. */
async function look(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await putTheme(page, theme);
    await shoot(page, `plans-${name}-${theme}`);
    expect(await accessibilityProblems(page), `${name} ${theme}`).toEqual([]);
  }
}

async function stateFromTemplate(page: Page): Promise<void> {
  await goTo(page, 'Graph');
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'State a goal' });
  await dialog.getByLabel('Repository').fill(world.repo);
  await dialog.getByText(/on main at/).waitFor();
  const trust = dialog.getByRole('button', { name: 'I have looked; trust it' });
  if (await trust.isVisible()) await trust.click();
  await expect.poll(() => trust.isVisible()).toBe(false);
  await dialog.getByLabel('What should be true at the end?').fill(GOAL);
  await dialog.getByLabel('How it is planned').selectOption('release');
  await dialog.getByText('4 steps, for qa, devops.').waitFor();
  await look(page, 'composer');
  await dialog.getByRole('button', { name: /^Start/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await told(page, /The plan of \d tasks waits for you/);
  await page.getByRole('button', { name: 'Approve plan' }).click();
}

/** From afar cards show names only. */
async function comeNear(page: Page): Promise<void> {
  for (let step = 0; step < 3; step += 1) await page.locator('.react-flow__controls-zoomin').click();
}

const MORE = `  - key: live
    kind: gate
    title: "It is live"
    gate: { on: event, name: live }
    depends_on: [DEPENDS]
  - key: after
    kind: group
    title: "Afterwards"
    depends_on: [live]
  - key: tell
    title: "Tell everybody"
    brief: "Write it where users look."
    role: devops
    part_of: after
    attempts: 3
    backoff_seconds: 30
  - key: sorry
    title: "Say that it is late"
    brief: "Write it where users look."
    role: devops
    only_if: { node: live, is: failed }
`;

test('a plan made from a template has gates; how its nodes run is changed in the inspector and by its file', {
  timeout: 5 * MINUTE,
}, async () => {
  world = await openWorld('e2e-plans', { model });
  const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
  const window = await studio.window();
  const { page, problems } = window;
  await logIn(window, served);
  await stateFromTemplate(page);

  const gate = page.getByRole('article', { name: `Gate (Your approval): Release it? ${GOAL}` });
  await gate.waitFor();
  expect(await gate.innerText()).toContain('closed');

  // How a task runs is changed in the inspector; what cannot be is refused with a reason.
  await task(page, `Set the version: ${GOAL}`).click();
  await page.getByRole('button', { name: 'Change how it runs' }).click();
  const form = page.getByRole('form', { name: 'Change how it runs' });
  await form.getByLabel('Attempts at once').fill('4');
  await form.getByRole('button', { name: 'Save' }).click();
  await told(page, /race of 4/);
  await form.getByLabel('Attempts at once').fill('');
  await form.getByLabel('Reviewed by').selectOption('qa');
  await form.getByLabel('Definition of done').fill('The version is written everywhere.');
  await look(page, 'form');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => task(page, `Set the version: ${GOAL}`).innerText()).toMatch(/reviewed by/);
  await page.getByRole('button', { name: 'Change how it runs' }).waitFor();

  // The plan as a file: a bad one is refused with its line, a good one changes the plan.
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await page.getByRole('button', { name: 'Show and edit' }).click();
  const file = page.getByRole('dialog', { name: 'Plan as a file' });
  const text = file.getByLabel('The plan file');
  await expect.poll(() => text.inputValue()).toContain('Set the version');
  const before = await text.inputValue();
  await text.fill(`${before}  - key: [\n`);
  await file.getByRole('button', { name: 'Compare' }).click();
  await file.getByText(/[Ll]ine \d+/).waitFor();
  await look(page, 'bad-file');
  const last = [...before.matchAll(/^ *- key: (\S+)/gm)].at(-1)?.[1] ?? '';
  await text.fill(`${before}${MORE.replace('DEPENDS', last)}`);
  await file.getByRole('button', { name: 'Compare' }).click();
  await file.getByText('+ It is live').waitFor();
  await look(page, 'file');
  await file.getByRole('button', { name: 'Apply' }).click();
  await file.waitFor({ state: 'detached' });
  await page.getByRole('article', { name: 'Gate (Signal): It is live' }).waitFor();
  await page.getByRole('article', { name: 'Sub-plan: Afterwards' }).waitFor();
  await page.keyboard.press('f');
  await look(page, 'far');
  await comeNear(page);
  await told(page, 'only if failed');
  await look(page, 'graph');

  // The gate waits for its word in the Inbox.
  release();
  await goTo(page, 'Inbox');
  await page.getByRole('button', { name: /^Open it/ }).waitFor({ timeout: 2 * MINUTE });
  await look(page, 'inbox');
  await page.getByRole('button', { name: /^Open it/ }).click();

  // The other gate waits for a signal.
  await goTo(page, 'Graph');
  await comeNear(page);
  const live = page.getByRole('article', { name: 'Gate (Signal): It is live' });
  await expect.poll(() => live.getAttribute('data-gate'), { timeout: 2 * MINUTE }).toBe('waiting');
  await expect.poll(() => task(page, `Set the version: ${GOAL}`).innerText()).toContain('approved');
  await live.click();
  await look(page, 'signal');
  await page.getByRole('button', { name: 'Signal a gate that waits…' }).click();
  const signal = page.getByRole('dialog', { name: 'Signal a gate' });
  await signal.getByRole('button', { name: 'Send the signal' }).click();
  await expect.poll(() => live.getAttribute('data-gate')).toBe('passed');
  await expect
    .poll(() => page.getByRole('article', { name: 'Sub-plan: Afterwards' }).innerText(), { timeout: 2 * MINUTE })
    .toContain('1 of 1 done');
  await look(page, 'end');
  expect(problems).toEqual([]);
});
