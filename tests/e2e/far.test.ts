import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFake, serveFake } from '#main/server/http/test-support.ts';
import { populate } from '../bench/canvas.ts';
import { accessibilityProblems, goTo, openStudio, type Studio } from './kit.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
}, 120_000);
afterAll(() => studio.close());

test('a large plan seen from far away is a drawing: its cards are chosen in it, and are cards again from near', {
  timeout: 60_000,
}, async () => {
  const fake = createFake();
  populate(fake, 100);
  const served = await serveFake(fake, { renderer: studio.renderer });
  const { page, context, problems } = await studio.window();
  try {
    await page.goto(served.oneTimeLink());
    await goTo(page, 'Graph');
    await page.locator('.graph-specks').waitFor();
    expect(await page.locator('.graph-task').count()).toBe(0);
    /** The middle of the first task's card on the screen; it stands at 0, 300 of the graph. */
    const middle = () =>
      page.evaluate(() => {
        const viewport = document.querySelector('.react-flow__viewport');
        const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
        const { a, e, f } = new DOMMatrix((viewport as HTMLElement).style.transform);
        return { x: (pane?.x ?? 0) + e + 104 * a, y: (pane?.y ?? 0) + f + 342 * a };
      });
    /** The colour of the drawing's pixel at the left edge of that card. */
    const edge = (at: { x: number; y: number }) =>
      page.evaluate(({ x, y }) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.graph-specks');
        const box = canvas?.getBoundingClientRect();
        const data = canvas?.getContext('2d')?.getImageData(x - (box?.x ?? 0), y - (box?.y ?? 0), 1, 1).data;
        return [...(data ?? [])].slice(0, 3);
      }, at);
    const at = await middle();
    expect(await edge(at)).toEqual([255, 255, 255]);
    await page.mouse.click(at.x, at.y);
    await page.getByRole('heading', { name: 'Task 0 of the plan' }).first().waitFor();
    // Clicked again it stays chosen; the colour follows what happens to it.
    await page.mouse.click(at.x, at.y);
    fake.publish('goal/goal_1', {
      type: 'attempt.started',
      attempt: 'a1',
      task: 't0',
      agent: 'agent_1',
      number: 1,
      session: '00000000-0000-4000-8000-000000000000',
    });
    await expect.poll(() => edge(at)).toEqual([228, 240, 250]);
    await page.getByRole('heading', { name: 'Task 0 of the plan' }).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.mouse.dblclick(at.x, at.y);
    await page.locator('.graph-task[data-task="t0"]').waitFor();
    expect(await page.locator('.graph-specks').count()).toBe(0);
    expect(await page.locator('.react-flow__edge').count()).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await served.close();
  }
});
