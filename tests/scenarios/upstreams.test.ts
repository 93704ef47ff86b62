import { afterEach, expect, test } from 'vitest';
import { type ModelReply, type ModelRequest, startModelServer } from '../doubles/model-server.ts';
import {
  crewFile,
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  state,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { acting, done, turnsOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Tries are few and quick, as if the patience of minutes were over. */
const IMPATIENT = {
  gatewayLimits: { tries: 2, retryMs: 1_000, retryAfterMs: 2_000, idleMs: 3_000, contentIdleMs: 3_000 },
};
const work = acting([(request) => write(request, 'work.md', 'done\n'), done()]);
/** Does the work, but answers the second model call of the work with something else as long as it is told to. */
function failing(reply: ModelReply, until: () => boolean): (request: ModelRequest) => ModelReply {
  return (request) => (request.tools?.length && turnsOf(request) === 1 && !until() ? reply : work(request));
}

/** A crew that tries again by itself so many times, then asks. */
const crewTrying = (from: World, recoveries: number) =>
  crewFile(from, [[/recoveries: \d+/, `recoveries: ${recoveries}`]]);

interface Fault {
  readonly name: string;
  readonly reply: ModelReply;
  readonly cause: 'upstream' | 'login';
  readonly words: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'a web page',
    reply: { html: '<!doctype html><title>Sign in</title>' },
    cause: 'upstream',
    words: /not a model server/,
  },
  { name: '401', reply: { status: 401, message: 'bad key' }, cause: 'login', words: /refused the login/ },
  {
    name: '429 with a long retry-after',
    reply: { status: 429, message: 'slow down', headers: { 'retry-after': '86400' } },
    cause: 'upstream',
    words: /limits the rate/,
  },
  { name: '529 that does not end', reply: { status: 529, message: 'overloaded' }, cause: 'upstream', words: /529/ },
  { name: 'a stream cut each time', reply: { cut: true }, cause: 'upstream', words: /cut|ended|connection/i },
];

test.each(FAULTS)(
  'an endpoint that answers $name: waits with its cause, and retry goes on when it is well',
  async ({ reply, cause, words }) => {
    let well = false;
    world = await openWorld('upstream', { model: failing(reply, () => well), overrides: IMPATIENT });
    const goal = await state(world, { crew: await crewTrying(world, 0) });
    const item = await waitFor(world.operations, goal, (each) => openItem(each, cause), 60_000);
    const attempt = present(Object.values((await goalOf(world.operations, goal)).attempts)[0]);
    expect(attempt).toMatchObject({ status: 'waiting', wait: { cause, owner: 'ceo', on: item.id } });
    const run = present(Object.values((await goalOf(world.operations, goal)).runs).at(-1));
    expect(run.outcome).toBe(cause);
    const texts = await textsIn(world.operations);
    expect(`${texts[item.title.id]} ${texts[item.detail?.id ?? '']}`).toMatch(words);
    well = true;
    value(await world.operations.goals.answer({ goal, item: item.id, answer: 'retry', text: '' }, undefined));
    const ended = await ready(world.operations, goal);
    expect(Object.values(ended.attempts)).toHaveLength(1);
  },
);

test.each([
  { name: '529 once', reply: { status: 529, message: 'overloaded' } },
  {
    name: '429 with a short retry-after',
    reply: { status: 429, message: 'slow down', headers: { 'retry-after': '1' } },
  },
  { name: 'one cut stream', reply: { cut: true } as const },
])('an endpoint that answers $name is not noticed by anybody', async ({ reply }) => {
  let failed = false;
  world = await openWorld('hiccup', {
    overrides: IMPATIENT,
    model: (request) => {
      if (!request.tools?.length || turnsOf(request) !== 1 || failed) return work(request);
      failed = true;
      return reply;
    },
  });
  const ended = await ready(world.operations, await state(world));
  expect(Object.values(ended.items)).toHaveLength(0);
  expect(failed).toBe(true);
});

test('an endpoint that is down: waits for it by itself, and goes on when it is back on its port', async () => {
  world = await openWorld('down', { model: work, overrides: IMPATIENT });
  const port = Number(new URL(world.model.url).port);
  await world.model.close();
  const crew = await crewTrying(world, 1);
  const goal = await state(world, { crew });
  const attempt = await waitFor(world.operations, goal, (each) =>
    Object.values(each.attempts).find((one) => one.wait?.cause === 'upstream'),
  );
  expect(attempt.wait).toMatchObject({ owner: 'system', on: null });
  const health = value(await world.operations.system.info(undefined as never, undefined)).upstreams[0];
  expect(health).toMatchObject({ state: 'down' });
  const back = await startModelServer(work, port);
  try {
    const ended = await ready(world.operations, goal);
    expect(Object.values(ended.items)).toHaveLength(0);
  } finally {
    await back.close();
  }
});
