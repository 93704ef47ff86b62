import { expect, test } from 'vitest';
import { createLoopDelay } from './loop-delay.ts';

/** Lets the loop go round, and stands in its way `ms` long each time. */
async function stand(times: number, ms: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    for (const from = performance.now(); performance.now() - from < ms; );
  }
}

test('tells how late the loop was while it was watched, and nothing of the time it rested', async () => {
  const delay = createLoopDelay();
  expect(delay.p99Ms()).toBe(0);
  await stand(3, 60);
  expect(delay.p99Ms()).toBe(0);
  delay.watch(true);
  await stand(4, 60);
  expect(delay.p99Ms()).toBeGreaterThan(30);
  delay.watch(false);
  const seen = delay.p99Ms();
  await stand(2, 300);
  expect(delay.p99Ms()).toBe(seen);
});
