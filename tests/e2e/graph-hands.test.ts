import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goalOf, openWorld, state, value, type World } from '../scenarios/kit.ts';
import { accessibilityProblems, drag, goTo, logIn, middle, openStudio, putTheme, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;

let studio: Studio;
let world: World;
let goal = '';
beforeAll(async () => {
  studio = await openStudio();
  world = await openWorld('graph-hands', { model: () => new Promise(() => {}) });
  goal = await state(world, { text: 'My tasks', agent: undefined, board: true });
  value(await world.operations.plan.hire({ goal, role: 'backend', name: 'Ada' }, undefined));
}, 2 * MINUTE);
afterAll(async () => {
  await world.close();
  await studio.close();
});

const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlaps(boxes: readonly (Box | null)[]): boolean {
  const found = boxes.flatMap((box) => box ?? []);
  return found.some((one, index) =>
    found
      .slice(index + 1)
      .some((other) => Math.abs(one.x - other.x) < one.width - 1 && Math.abs(one.y - other.y) < one.height - 1),
  );
}

async function tasksOf(): Promise<Readonly<Record<string, string | undefined>>> {
  const { tasks, agents } = await goalOf(world.operations, goal);
  return Object.fromEntries(
    Object.values(tasks).map(({ id, assignee }) => [
      id,
      assignee.kind === 'agent' ? agents[assignee.agent]?.name : undefined,
    ]),
  );
}

test('a task is written where one double-clicks, looked at with Space, tidied around what was placed by hand, and several go to an agent together', {
  timeout: 3 * MINUTE,
}, async () => {
  const served = value(await world.orchestrator.serve({ port: 0, renderer: studio.renderer }));
  const window = await studio.window();
  const { page, problems } = window;
  await logIn(window, served);
  await goTo(page, 'Graph');
  await card(page, 'Ada').waitFor();

  // Where one double-clicks, there it stands.
  const stage = await middle(page, page.locator('.react-flow__pane'));
  const point = { x: stage.x - 150, y: stage.y + 140 };
  await page.mouse.dblclick(point.x, point.y);
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByLabel('Title').fill('By hand');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.waitFor({ state: 'detached' });
  const box = await card(page, 'By hand').boundingBox();
  expect(Math.hypot((box?.x ?? 0) - point.x, (box?.y ?? 0) - point.y)).toBeLessThan(4);

  // A glance with Space, and away with Space.
  const peek = page.getByRole('dialog', { name: /By hand/ });
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
  await card(page, 'By hand').click();
  await page.keyboard.press('Space');
  await peek.waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await putTheme(page, theme);
    await shoot(page, `peek-${theme}`);
    expect(await accessibilityProblems(page), theme).toEqual([]);
  }
  await page.keyboard.press('Space');
  await peek.waitFor({ state: 'detached' });

  // Two from the backlog are dragged together, and land together on the agent.
  const dock = page.getByRole('complementary', { name: 'Backlog' });
  await dock.getByLabel('New task').fill('First of two\nSecond of two');
  await page.keyboard.press('Enter');
  await dock.getByRole('button', { name: 'First of two' }).click();
  await dock.getByRole('button', { name: 'Second of two' }).click({ modifiers: ['Shift'] });
  await drag(
    page,
    await middle(page, dock.getByRole('button', { name: 'Second of two' })),
    await middle(page, card(page, 'Ada')),
    async () => {
      await page.getByText('Give 2 tasks to Ada').waitFor();
      await page.getByText('starts at once').first().waitFor();
      await shoot(page, 'drag-several');
    },
  );
  await page.getByText('2 tasks were given to Ada.').waitFor();
  await expect.poll(async () => Object.values(await tasksOf()).filter((name) => name === 'Ada').length).toBe(2);

  // What was placed by hand stays; what is tidied goes around it.
  await card(page, 'By hand').waitFor();
  const before = (await goalOf(world.operations, goal)).tasks;
  const fixed = Object.values(before).find(({ assignee }) => assignee.kind === 'nobody')?.id ?? '';
  value(
    await world.operations.plan.place(
      { goal, nodes: [{ id: `task:${fixed}`, x: 0, y: 220, pinned: true }] },
      undefined,
    ),
  );
  const left = async (name: string) => Math.round((await card(page, name).boundingBox())?.x ?? Number.NaN);
  await expect.poll(async () => (await left('By hand')) - (await left('DevOps'))).toBe(0);
  await page.keyboard.press('t');
  await page.getByText('Tidied').first().waitFor();
  await page.keyboard.press('f');
  const names = ['DevOps', 'By hand', 'First of two', 'Second of two'];
  const boxes = () => Promise.all(names.map((name) => card(page, name).boundingBox()));
  await expect.poll(async () => overlaps(await boxes())).toBe(false);
  await shoot(page, 'tidied');
  expect(problems).toEqual([]);
});
