import { afterEach, expect, test } from 'vitest';
import type { Intervention } from '#protocol/model/goal/guard.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { openItem, openWorld, present, ready, state, textsIn, value, type World, waitFor } from './kit.ts';
import { type Act, acting, call, done, saidIn, say, shell, workspaceOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const interventions = (goal: Goal): Intervention[] => Object.values(goal.interventions).flat();

async function told(open: World, goal: Goal): Promise<string[]> {
  const texts = await textsIn(open.operations);
  return interventions(goal).map(
    ({ guard, action, evidence }) => `${guard} ${action}: ${texts[evidence.id] ?? 'no evidence'}`,
  );
}

test('an agent that repeats itself is told so, then stopped, and the CEO is asked with the evidence', async () => {
  const readme: Act = (request) => call('Read', { file_path: `${workspaceOf(request)}/README.md` });
  world = await openWorld('loop', { model: acting(Array.from({ length: 200 }, () => readme)) });
  const goal = await state(world, { turns: 100 });
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'stuck'));
  const stopped = await waitFor(world.operations, goal, (each) => each);
  const attempt = present(Object.values(stopped.attempts)[0]);
  expect(attempt).toMatchObject({ status: 'waiting', wait: { cause: 'stuck', owner: 'ceo', on: item.id } });
  const words = await told(world, stopped);
  expect(words).toEqual([
    expect.stringMatching(/^loop noticed: The same call of Read with the same result/),
    expect.stringMatching(/^loop interrupted: The same call of Read with the same result/),
  ]);
  const texts = await textsIn(world.operations);
  expect(texts[item.title.id]).toBe('The agent repeats itself and was stopped. Let it go on?');
  expect(`loop interrupted: ${texts[item.detail?.id ?? '']}`).toBe(words[1]);
  const asked = world.model.requests.filter((request) => request.tools?.length);
  expect(asked.some((request) => saidIn(request).includes('AIOS notice: The same call of Read'))).toBe(true);
  expect(asked.length).toBeLessThan(20);
  value(await world.operations.goals.stop({ goal }, undefined));
});

test('an agent whose tool takes long is slow, not stuck, and is left alone', async () => {
  world = await openWorld('slow', {
    overrides: { silentMinutes: 0.12 },
    model: acting([shell('sleep 16 && echo built'), (request) => write(request, 'work.md', 'x\n'), done()]),
  });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'approval') ?? each.status === 'ready');
  if (item !== true)
    value(await world.operations.goals.answer({ goal, item: item.id, answer: 'allow', text: '' }, undefined));
  expect(await told(world, await ready(world.operations, goal))).toEqual([]);
});

test('a claim of being done is refused when the check fails, and what is refused is recorded', async () => {
  world = await openWorld('false-done', {
    verify: 'test -f proof.md',
    model: acting([
      (request) => write(request, 'work.md', 'x\n'),
      done('All of it works.'),
      say('I am done.'),
      (request) => write(request, 'proof.md', 'x\n'),
      done('Now it does.'),
    ]),
  });
  const goal = await state(world);
  expect(await told(world, await ready(world.operations, goal))).toEqual([
    'false-done refused: The agent said it is done; the check of its work ended with exit code 1.',
  ]);
});

test('an agent that goes on after its claim is stopped, and its work is checked', async () => {
  world = await openWorld('overrun', {
    model: acting([
      (request) => write(request, 'work.md', 'x\n'),
      done(),
      ...Array.from({ length: 60 }, (_, at) => call('Glob', { pattern: `${'abcdefgh'[at % 8]}${at}/*.none` })),
    ]),
  });
  const goal = await state(world, { turns: 90 });
  const words = await told(world, await ready(world.operations, goal));
  expect(words).toEqual([
    expect.stringMatching(/^stall noticed: The agent's claim is recorded, and it has made 4 more calls/),
    expect.stringMatching(/^stall interrupted: .* 10 more calls/),
  ]);
});
