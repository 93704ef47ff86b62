import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, value, type World } from '../scenarios/kit.ts';
import { accessibilityProblems, goTo, logIn, openStudio, putTheme, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;
/** Eight by eight pixels, PNG. */
const SKETCH = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAJElEQVR4nGNgYGBgZmZmY2Pj5OTk4eHh5+cXEhISFRVlGFoSAPD2B+HoqhYNAAAAAElFTkSuQmCC',
  'base64',
);

let studio: Studio;
let world: World;
beforeAll(async () => {
  studio = await openStudio();
  world = await openWorld('e2e-pictures', { model: () => new Promise(() => {}) });
}, 2 * MINUTE);
afterAll(async () => {
  await world.close();
  await studio.close();
});

test('a goal is stated with a picture and a text; what is neither is refused; both survive a reload, and the inspector shows the picture', {
  timeout: 2 * MINUTE,
}, async () => {
  const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
  const window = await studio.window();
  const { page, problems } = window;
  await logIn(window, served);
  await goTo(page, 'Graph');
  await page.keyboard.press('g');
  const dialog = page.getByRole('dialog', { name: 'State a goal' });
  await dialog.getByLabel('Repository').fill(world.repo);
  await dialog.getByLabel('What should be true at the end?').fill('Build it as drawn');
  await dialog.locator('input[type=file]').setInputFiles([
    { name: 'sketch.png', mimeType: 'image/png', buffer: SKETCH },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Blue, please.') },
    { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
  ]);
  await page.getByText('broken.png cannot be read as a picture.').waitFor();
  await dialog.getByText(/Attached: sketch\.png/).waitFor();
  await dialog.getByText(/Attached: notes\.txt/).waitFor();
  await page.reload();
  await page.getByRole('navigation', { name: 'AIOS' }).waitFor();
  await page.keyboard.press('g');
  await dialog.getByText(/Attached: sketch\.png/).waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await putTheme(page, theme);
    await shoot(page, `pictures-composer-${theme}`);
    expect(await accessibilityProblems(page), theme).toEqual([]);
  }
  await dialog.getByLabel('Who does it').selectOption('board');
  await dialog.getByRole('button', { name: /^Start/ }).click();
  await dialog.waitFor({ state: 'detached' });
  const picture = page.getByRole('img', { name: 'sketch.png' });
  await picture.waitFor();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(8);
  await shoot(page, 'pictures-goal');
  expect(problems).toEqual([]);
});
