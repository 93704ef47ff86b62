import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelRequest } from '../doubles/model-server.ts';
import { openWorld, ready, state, value, type World, waitFor } from '../scenarios/kit.ts';
import { aios, claimed, done, roleOf, saidIn, say, turnsOf, write } from '../scenarios/model.ts';
import { accessibilityProblems, goTo, logIn, openStudio, putTheme, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;
const PLAN = [
  { key: 'a', title: 'First thing', brief: 'first.txt is there.', role: 'backend' },
  { key: 'b', title: 'Second thing', brief: 'second.txt is there.', role: 'backend', depends_on: ['a'] },
];

let studio: Studio;
let world: World;

function model(request: ModelRequest) {
  if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
  const said = saidIn(request);
  if (roleOf(request) === 'lead')
    return { blocks: [turnsOf(request) === 0 ? aios('propose_plan', { tasks: PLAN }) : done()] };
  const second = said.includes('Your task: Second thing');
  const words = said.includes('in capitals') ? 'SECOND\n' : 'second\n';
  const act = second ? write(request, 'second.txt', words) : write(request, 'first.txt', 'first\n');
  return { blocks: [turnsOf(request) === 0 ? act : done()] };
}

beforeAll(async () => {
  studio = await openStudio();
  world = await openWorld('fork-page', { model });
}, 2 * MINUTE);
afterAll(async () => {
  await studio.close();
  await world.close();
});

test(
  'a plan that waits says why with a button; a fork is made from the replay and compared',
  async () => {
    const goal = await state(world, { agent: undefined, text: 'Write two files', mode: 'ask', capUsd: 3 });
    await waitFor(world.operations, goal, (now) => now.status === 'awaiting-approval');
    const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
    const window = await studio.window();
    const { page, problems } = window;
    const found: string[] = [];
    const look = async (name: string) => {
      for (const theme of ['light', 'dark'] as const) {
        await putTheme(page, theme);
        await shoot(page, `${name}-${theme}`);
        found.push(...(await accessibilityProblems(page)).map((problem) => `${name} ${theme}: ${problem}`));
      }
    };
    await logIn(window, served);
    await goTo(page, 'Graph');
    await page.getByRole('article', { name: 'Second thing', exact: true }).getByText('your turn').waitFor();
    await page.keyboard.press('w');
    const why = page.getByRole('region', { name: 'Why it does not move' });
    await why.getByText('its plan waits for your approval').waitFor();
    expect(await why.evaluate((element) => element === document.activeElement)).toBe(true);
    await look('why');
    await why.getByRole('button', { name: /Answer it in the inbox/ }).click();
    await page.getByRole('main', { name: 'Inbox' }).waitFor();
    await page.getByText('Today').click();
    await page.getByRole('heading', { name: 'Waits for you' }).waitFor();
    await look('today');
    await page.getByRole('button', { name: 'Approve Y' }).click();
    const origin = await ready(world.operations, goal);

    await goTo(page, 'Runs');
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'Fork from here' }).waitFor();
    await page.getByRole('button', { name: 'Fork from here' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fork this goal' });
    await dialog.getByText('Nothing is left to do from there').waitFor();
    await dialog.getByLabel('From').selectOption({ label: '“First thing” was merged' });
    await dialog.getByLabel('What is wanted').fill('Write two files, in capitals');
    await dialog.getByLabel('Plan').selectOption('tasks');
    await dialog.getByLabel('Title of “Second thing”').waitFor();
    await dialog.getByLabel('Model of backend').fill('other-model');
    await dialog.getByLabel('Start').selectOption('go');
    await dialog.getByLabel('Cap $').fill('1');
    await look('fork');
    await dialog.getByRole('button', { name: 'Fork', exact: true }).click();
    await page.getByText('Forked.').waitFor();
    const goals = value(await world.operations.goals.list(undefined as never, undefined));
    const fork = goals.find((each) => each.forkedFrom?.goal === origin.id);
    expect(fork?.limits.goalNanos).toBe(1e9);
    const ended = await ready(world.operations, fork?.id ?? '');
    expect(Object.values(ended.tasks).map((task) => task.status)).toEqual(['done']);

    await goTo(page, 'Runs');
    await page.getByRole('region', { name: 'What it was forked from, and its forks' }).waitFor();
    await page.keyboard.press('Shift+C');
    const compare = page.getByRole('dialog', { name: 'Compare two goals' });
    await compare.getByText('second.txt').waitFor();
    await compare.getByText('different', { exact: true }).waitFor();
    await look('compare');
    expect([...new Set(found)]).toEqual([]);
    expect(problems).toEqual([]);
  },
  4 * MINUTE,
);
