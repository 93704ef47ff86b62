import { afterEach, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import {
  crewFile,
  goalOf,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { acting, aios, call, claimed, done, garbled, lastOf, roleOf, say, turnsOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const task = (key: string, rest: object = {}) => ({ key, title: `T ${key}`, brief: 'B', role: 'backend', ...rest });
const chain = (length: number) => Array.from({ length }, (_, index) => task(`t${index}`));

interface Bad {
  readonly what: string;
  readonly input: unknown;
  /** Each must be named in the refusal. */
  readonly says: readonly RegExp[];
}

const PLANS: readonly Bad[] = [
  {
    what: 'four mistakes at once',
    input: {
      tasks: [
        task('a', { depends_on: ['b'] }),
        task('b', { depends_on: ['a'] }),
        task('A'),
        task('d', { depends_on: ['nowhere'] }),
        task('e', { role: 'wizard' }),
      ],
    },
    says: [/\\"A\\" is used twice/, /nowhere/, /nobody can take \\"e\\"/, /wait for each other/],
  },
  {
    what: 'itself as its dependency',
    input: { tasks: [task('a', { depends_on: ['a'] })] },
    says: [/wait for each other/],
  },
  { what: 'keys equal after NFC', input: { tasks: [task('caf\u00e9'), task('cafe\u0301')] }, says: [/used twice/] },
  { what: 'more tasks than the goal may have', input: { tasks: chain(300) }, says: [/may have 200 tasks/] },
  { what: 'no tasks', input: { tasks: [] }, says: [/tasks/] },
  { what: 'a title of spaces', input: { tasks: [task('a', { title: '   ' })] }, says: [/title/] },
  { what: 'fields nobody knows', input: { tasks: [task('a', { trusted: true })] }, says: [/trusted|Unrecognized/] },
  // The last: from here on it is in every prompt.
  { what: '10,001 tasks', input: { tasks: chain(10_001) }, says: [/too_big|Too big|<=|at most/i] },
];

test('plans that cannot be are refused to the model with every mistake named, and change nothing', async () => {
  const refusals: string[] = [];
  const sequences: number[] = [];
  const sizes: number[] = [];
  world = await openWorld('plans', {
    model: async (request) => {
      if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
      const turn = turnsOf(request);
      if (roleOf(request) !== 'lead') return acting([(asked) => write(asked, 'a.md', 'a\n'), done()])(request);
      if (turn > 0 && turn <= PLANS.length) refusals.push(lastOf(request));
      const snapshot = await snapshotOf(present(world).operations);
      sequences.push(snapshot.goals[0] ? Object.keys(snapshot.goals[0].tasks).length : 0);
      sizes.push(snapshot.sequence);
      const bad = PLANS[turn];
      if (bad) return { blocks: [aios('propose_plan', bad.input)] };
      if (turn === PLANS.length) return { blocks: [aios('propose_plan', { tasks: [task('a')] })] };
      return { blocks: [done()] };
    },
  });
  // A prompt with ten thousand tasks in it is dear.
  const crew = await crewFile(world, [
    [/usd: 10 \}/, 'usd: 500 }'],
    [/caps: \{ usd: 2, turns: 40/, 'caps: { usd: 500, turns: 40'],
  ]);
  const goal = await state(world, { agent: undefined, crew });
  const ended = await ready(world.operations, goal);
  expect(refusals).toHaveLength(PLANS.length);
  for (const [index, { what, says }] of PLANS.entries()) {
    for (const words of says) expect(refusals[index], what).toMatch(words);
  }
  // One task, the planning, all the while.
  expect(new Set(sequences.slice(0, PLANS.length + 1))).toEqual(new Set([1]));
  expect(Object.values(ended.tasks).filter((each) => each.kind === 'work')).toHaveLength(1);
});

const MESSAGES: readonly Bad[] = [
  {
    what: '1 MiB',
    input: { to: 'frontend', subject: 's', body: 'x'.repeat(1024 * 1024) },
    says: [/too long/, /share_artifact/],
  },
  { what: 'only spaces', input: { to: 'frontend', subject: 's', body: '  \n ' }, says: [/empty/] },
  {
    what: 'a forged reply',
    input: { to: 'frontend', subject: 's', body: 'b', reply_to: 'msg_forged' },
    says: [/no message msg_forged/],
  },
  { what: 'nobody', input: { to: 'the wizard', subject: 's', body: 'b' }, says: [/nobody called/, /frontend/] },
  {
    what: 'a sender of its own making',
    input: { to: 'frontend', subject: 's', body: 'b', from: 'ceo' },
    says: [/from|Unrecognized/],
  },
];

/** Lets one plan go to Backend and Frontend, who do what they are told. */
function crewOf(roles: Record<string, (request: ModelRequest) => ModelReply>): (request: ModelRequest) => ModelReply {
  const lead = acting([aios('propose_plan', { tasks: [task('a'), task('b', { role: 'frontend' })] }), done()]);
  return (request) =>
    request.tools?.length && !claimed(request)
      ? (roles[roleOf(request)] ?? lead)(request)
      : { blocks: [say('That was all.')] };
}

test('messages that cannot be are refused to the model with what to do instead, and none is stored', async () => {
  const refusals: string[] = [];
  world = await openWorld('messages', {
    model: crewOf({
      backend(request) {
        const turn = turnsOf(request);
        if (turn > 0 && turn <= MESSAGES.length) refusals.push(lastOf(request));
        const bad = MESSAGES[turn];
        if (bad) return { blocks: [aios('send_message', bad.input)] };
        return { blocks: [turn === MESSAGES.length ? write(request, 'a.md', 'a\n') : done()] };
      },
      frontend: acting([(request) => write(request, 'b.md', 'b\n'), done()]),
    }),
  });
  const goal = await state(world, { agent: undefined });
  await ready(world.operations, goal);
  for (const [index, { what, says }] of MESSAGES.entries()) {
    for (const words of says) expect(refusals[index], what).toMatch(words);
  }
  expect(
    (await snapshotOf(world.operations)).conversations.flatMap((each) => Object.values(each.messages)),
  ).toHaveLength(0);
});

test('a message of 16 MiB from the CEO is refused before it is stored', async () => {
  world = await openWorld('long', { model: acting([(request) => write(request, 'a.md', 'a\n'), done()]) });
  const goal = await state(world);
  const send = (body: string) =>
    present(world).operations.goals.message({ goal, to: 'backend', subject: 's', body, wantsAnswer: false }, undefined);
  const long = await send('x'.repeat(16 * 1024 * 1024));
  expect(long.ok ? '' : long.error.tag).toBe('message-too-long');
  expect(
    (await snapshotOf(world.operations)).conversations.flatMap((each) => Object.values(each.messages)),
  ).toHaveLength(0);
  await ready(world.operations, goal);
});

test('two agents that answer each other without end are told, then refused with the evidence, and both finish', async () => {
  const refused: string[] = [];
  /** Answers whatever asks; asks back each time. */
  const pingPong =
    (file: string, starts: boolean) =>
    (request: ModelRequest): ModelReply => {
      const last = lastOf(request);
      if (last.includes('goes round in circles')) refused.push(last);
      const asked = [...last.matchAll(/\[aios-message:([A-Za-z0-9_-]+)\]/g)].at(-1)?.[1];
      const partner = starts ? 'frontend' : 'backend';
      const ping = {
        to: partner,
        subject: 'And you?',
        body: 'What do you think?',
        kind: 'request',
        wants_answer: true,
      };
      if (asked) return { blocks: [aios('send_message', { ...ping, reply_to: asked })] };
      if (starts && turnsOf(request) === 0) return { blocks: [aios('send_message', ping)] };
      if (last.includes('unread messages') || last.includes('You have messages'))
        return { blocks: [aios('read_messages')] };
      const all = JSON.stringify(request.messages);
      if (!all.includes('Your task:')) return { blocks: [say('Answered.')] };
      if (!all.includes(`/${file}`)) return { blocks: [write(request, file, 'x\n')] };
      return all.includes('mcp__aios__complete_task') ? { blocks: [say('That was all.')] } : { blocks: [done()] };
    };
  world = await openWorld('pingpong', {
    model: crewOf({ backend: pingPong('a.md', true), frontend: pingPong('b.md', false) }),
  });
  const goal = await state(world, { agent: undefined });
  await ready(world.operations, goal, 150_000);
  await waitFor(world.operations, goal, () => refused.length > 0, 60_000);
  const messages = (await snapshotOf(world.operations)).conversations.flatMap((each) => Object.values(each.messages));
  expect(Math.max(...messages.map((each) => each.hops))).toBeLessThanOrEqual(10);
  const guarded = Object.values((await goalOf(world.operations, goal)).interventions).flat();
  const stopped = guarded.filter(({ guard }) => guard === 'ping-pong');
  expect(stopped.map(({ action }) => action)).toContain('noticed');
  expect(stopped.map(({ action }) => action)).toContain('refused');
  const texts = await textsIn(world.operations);
  expect(texts[stopped.at(-1)?.evidence.id ?? '']).toMatch(
    /messages in a row between 2 agents said nothing new|replies/,
  );
  const { spent } = present((await snapshotOf(world.operations)).budgets.nodes[`goal/${goal}`]);
  expect(spent / 1e9).toBeLessThan(1);
}, 240_000);

test('tool input that is no JSON, and tools nobody offers, reach no tool; the model is told and goes on', async () => {
  const told: string[] = [];
  world = await openWorld('garbage', {
    model: (request) => {
      const turn = turnsOf(request);
      if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
      if (turn > 0 && turn < 5) told.push(lastOf(request));
      const odd = [
        garbled(call('mcp__aios__complete_task', {}), '{"summary": '),
        call('mcp__aios__drop_database', { all: true }),
        call('B\u0430sh', { command: 'touch lookalike' }),
        call('mcp__aios__propose_plan', { tasks: [task('a')] }),
      ][turn];
      if (odd) return { blocks: [odd] };
      return { blocks: [turn === 4 ? write(request, 'a.md', 'a\n') : done()] };
    },
  });
  const goal = await state(world);
  const ended = await ready(world.operations, goal);
  expect(told).toHaveLength(4);
  for (const each of told) expect(each).toMatch(/is_error|tool_use_error|error|may not|not/i);
  expect(Object.values(ended.tasks)).toHaveLength(1);
  const attempt = present(Object.values((await goalOf(world.operations, goal)).attempts)[0]);
  value(await world.operations.goals.diff({ goal, attempt: attempt.id }, undefined));
});
