import { expect, it } from 'vitest';
import { ok } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { onceResumed } from './once-resumed.ts';

it('answers who looks at once, and who acts when the start is over', async () => {
  const called: string[] = [];
  const noted = (name: string) => async (input: unknown) => {
    called.push(name);
    return ok(input);
  };
  const operations = {
    feed: { snapshot: noted('snapshot'), history: noted('history') },
    goals: { stop: noted('stop') },
  } as unknown as Operations;
  const resumed = Promise.withResolvers<void>();
  const { feed, goals } = onceResumed(operations, resumed.promise, () => called.push('look'));
  const stopped = goals.stop({ goal: 'goal_1' } as never, undefined);
  expect(await feed.snapshot(undefined as never, undefined)).toEqual(ok(undefined));
  expect(called).toEqual(['look', 'snapshot']);
  resumed.resolve();
  expect(await stopped).toEqual(ok({ goal: 'goal_1' }));
  expect(called).toEqual(['look', 'snapshot', 'stop']);
});

it('refuses who acts when the start fails', async () => {
  const operations = { goals: { stop: async () => ok(null) } } as unknown as Operations;
  const resumed = Promise.withResolvers<void>();
  const stopped = onceResumed(operations, resumed.promise, () => undefined).goals.stop({} as never, undefined);
  resumed.reject(new Error('no gateway'));
  await expect(stopped).rejects.toThrow('no gateway');
});
