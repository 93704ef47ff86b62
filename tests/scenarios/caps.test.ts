import { afterEach, expect, test } from 'vitest';
import {
  crewFile,
  openItem,
  openWorld,
  present,
  ready,
  state,
  textsIn,
  trust,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { acting, call, done, workspaceOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

test('a verify command that hangs is ended, and counts as a failed check with that cause', async () => {
  world = await openWorld('hangs', {
    overrides: { commandMinutes: 0.03 },
    verify: 'sleep 600',
    model: acting([(request) => write(request, 'work.md', 'x\n'), done()]),
  });
  const crew = await crewFile(world, [[/attempts: 2, fixes: 3/, 'attempts: 1, fixes: 0']]);
  const goal = await state(world, { crew });
  const stuck = await waitFor(world.operations, goal, (each) => (each.status === 'stuck' ? each : null));
  const attempt = present(Object.values(stuck.attempts)[0]);
  expect(attempt).toMatchObject({ status: 'failed', cause: 'its work kept failing the check' });
  const texts = await textsIn(world.operations);
  expect(texts[attempt.check?.output?.id ?? '']).toContain('was ended after 0.03 minutes');
  expect(texts[present(openItem(stuck, 'stuck')).detail?.id ?? '']).toContain('sleep 600');
});

/** Never ends, and never does the same twice: what repeats itself is stopped for that before its turns are used. */
const ENDLESS = [
  'README.md',
  'docs/guide.txt',
  'src/a.js',
  'LICENSE',
  'Makefile',
  'test/b.js',
  'web/c.css',
  'x/d.json',
];
const endless = acting(
  Array.from(
    { length: 500 },
    (_, index) => (request) =>
      call('Read', { file_path: `${workspaceOf(request)}/${ENDLESS[index % ENDLESS.length]}` }),
  ),
);

test('turns: a run that never ends is ended at its cap, says so, and can be let go on', async () => {
  world = await openWorld('turns', { model: endless });
  const goal = await state(world, { turns: 5 });
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'stuck'));
  const attempts = await waitFor(world.operations, goal, (each) => Object.values(each.attempts));
  expect(attempts[0]).toMatchObject({ status: 'waiting', wait: { cause: 'turns', owner: 'ceo', on: item.id } });
  const asked = world.model.requests.filter((request) => request.tools?.length).length;
  expect(asked).toBeLessThanOrEqual(6);
  value(await world.operations.goals.stop({ goal }, undefined));
});

test('minutes: a model that does not answer is ended when the run has had its minutes', async () => {
  world = await openWorld('minutes', { model: () => ({ hang: true }) });
  const goal = await state(world, { minutes: 0.08 });
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'stuck'));
  const attempts = await waitFor(world.operations, goal, (each) => Object.values(each.attempts));
  expect(attempts[0]).toMatchObject({ status: 'waiting', wait: { cause: 'minutes', owner: 'ceo', on: item.id } });
  expect((await textsIn(world.operations))[item.title.id]).toContain('minutes');
  value(await world.operations.goals.stop({ goal }, undefined));
});

test('a claim without any change is not taken for done', async () => {
  world = await openWorld('empty', { model: acting([done()]) });
  await trust(world, world.repo, 'true');
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'unverified'));
  value(await world.operations.goals.answer({ goal, item: item.id, answer: 'accept', text: '' }, undefined));
  await waitFor(world.operations, goal, (each) => ['ready', 'stuck'].includes(each.status ?? ''));
});

test('no verify command: the work ends unverified with its diff, and the CEO accepts it', async () => {
  world = await openWorld('unverified', {
    verify: null,
    model: acting([(request) => write(request, 'work.md', 'mine\n'), done()]),
  });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'unverified'));
  expect((await textsIn(world.operations))[item.detail?.id ?? '']).toContain('+mine');
  value(await world.operations.goals.answer({ goal, item: item.id, answer: 'accept', text: '' }, undefined));
  await ready(world.operations, goal);
});
