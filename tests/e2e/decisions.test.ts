import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, value, type World } from '../scenarios/kit.ts';
import { say } from '../scenarios/model.ts';
import { accessibilityProblems, goTo, logIn, openStudio, putTheme, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;

let studio: Studio;
let world: World;
beforeAll(async () => {
  studio = await openStudio();
  world = await openWorld('decisions', { model: () => ({ blocks: [say('Hello.')] }) });
}, 2 * MINUTE);
afterAll(async () => {
  await world.close();
  await studio.close();
});

test('the CEO decides something, puts something else in its place, and retires that', async () => {
  const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
  const window = await studio.window();
  const { page, problems } = window;
  await logIn(window, served);
  await goTo(page, 'Memory');
  await page.getByRole('heading', { name: 'Nothing was decided yet' }).waitFor();
  await shoot(page, 'decisions-empty');

  await page.getByRole('button', { name: 'Decide something' }).click();
  const dialog = page.getByRole('dialog', { name: 'Decide something' });
  const save = dialog.getByRole('button', { name: 'Decide' });
  expect(await save.isDisabled()).toBe(true);
  await dialog.getByLabel('What it is about').fill('Dates in the API');
  await dialog.getByLabel('What holds').fill('Dates are strings, YYYY-MM-DD.');
  await dialog.getByLabel('Roles it binds, with commas; empty: everyone').fill('backend, qa');
  await dialog.getByLabel('Files it is about, as globs with commas').fill('src/**');
  expect(await accessibilityProblems(page)).toEqual([]);
  await shoot(page, 'decisions-dialog');
  await save.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Dates are strings, YYYY-MM-DD.').waitFor();
  await page.getByText('Binds backend, qa, src/**').waitFor();

  await page.getByRole('button', { name: 'Replace' }).click();
  const again = page.getByRole('dialog', { name: 'Replace a decision' });
  await again.getByLabel('What holds').fill('Dates are numbers, seconds.');
  await again.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('Dates are numbers, seconds.').waitFor();
  await expect.poll(() => page.getByText('Dates are strings, YYYY-MM-DD.').isVisible()).toBe(false);
  await page.getByLabel('Show past ones').check();
  await page.getByText('Replaced by a newer one').waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await putTheme(page, theme);
    await shoot(page, `decisions-${theme}`);
    expect(await accessibilityProblems(page), theme).toEqual([]);
  }

  await page.getByRole('button', { name: 'Retire' }).click();
  await page.getByRole('dialog', { name: 'Retire this decision?' }).getByRole('button', { name: 'Retire' }).click();
  await page.getByText('Holds no more').waitFor();
  const held = value(await world.operations.messages.decisions({ all: false }, undefined));
  expect(held).toEqual([]);
  expect(problems).toEqual([]);
});
