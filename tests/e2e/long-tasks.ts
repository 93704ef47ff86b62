import type { Page } from 'playwright-core';

/** From its next document on, a page notes the tasks of its main thread that take 50 ms or more. */
export async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ type: 'longtask' });
  });
}

/** The longest task of the main thread during some steps, ms; what nobody reports was shorter than 50. */
export async function longest(page: Page, steps: () => Promise<unknown>): Promise<number> {
  const take = () =>
    page.evaluate(async () => {
      // Entries are delivered after the frame that they delayed.
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
      const seen: number[] = Reflect.get(window, 'longTasks');
      return Math.max(0, ...seen.splice(0));
    });
  await take();
  await steps();
  return take();
}
