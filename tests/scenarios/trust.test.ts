import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ModelRequest } from '../doubles/model-server.ts';
import { goalOf, openItem, openWorld, present, ready, state, textsIn, type World, waitFor } from './kit.ts';
import { acting, aios, done, lastOf, saidIn, shell, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const APPEND = "sh -c 'echo once >> ran.txt'";

test('a command nobody declared becomes an approval with the exact command; allowed, it runs exactly once', async () => {
  world = await openWorld('approve', { model: acting([shell(APPEND), done()]) });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'approval'));
  const texts = await textsIn(world.operations);
  expect(`${texts[item.title.id]}\n${texts[item.detail?.id ?? '']}`).toContain(APPEND);
  const attempt = present(Object.values((await goalOf(world.operations, goal)).attempts)[0]);
  expect(attempt.wait).toMatchObject({ cause: 'permission', owner: 'ceo', on: item.id });
  const file = join(present(attempt.workspace), 'ran.txt');
  expect(existsSync(file)).toBe(false);
  const answer = { goal, item: item.id, answer: 'allow', text: '' } as const;
  expect((await world.operations.goals.answer(answer, undefined)).ok).toBe(true);
  expect((await world.operations.goals.answer(answer, undefined)).ok).toBe(false);
  await waitFor(world.operations, goal, (each) => each.attempts[attempt.id]?.claim !== null);
  expect(readFileSync(file, 'utf8')).toBe('once\n');
  await ready(world.operations, goal);
});

test('denied, the command never runs and the model is told why', async () => {
  world = await openWorld('deny', {
    model: acting([shell(APPEND), (request) => write(request, 'note.md', 'without it\n'), done()]),
  });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'approval'));
  await world.operations.goals.answer(
    { goal, item: item.id, answer: 'deny', text: 'Never append, dear agent.' },
    undefined,
  );
  const told = await world.model.seen((request) => lastOf(request).includes('Never append, dear agent.'));
  expect(lastOf(told)).toContain('tool_result');
  const ended = await ready(world.operations, goal);
  expect(existsSync(join(present(Object.values(ended.attempts)[0]?.workspace), 'ran.txt'))).toBe(false);
});

test('allowed for good, the same command does not ask again', async () => {
  world = await openWorld('always', { model: acting([shell(APPEND), shell(APPEND), done()]) });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'approval'));
  await world.operations.goals.answer({ goal, item: item.id, answer: 'allow-always', text: '' }, undefined);
  const ended = await ready(world.operations, goal);
  expect(Object.values(ended.items).filter((each) => each.kind === 'approval')).toHaveLength(1);
});

const QUESTION = 'Which colour shall it be, of all?';
const asks = (request: ModelRequest) => saidIn(request).includes('The CEO answers: the green one');

test('a question to the CEO survives a restart, and its answer reaches the model', async () => {
  world = await openWorld('question', {
    model: acting([
      aios('ask_ceo', { question: QUESTION }),
      (request) => write(request, 'colour.md', 'green\n'),
      done(),
    ]),
  });
  const goal = await state(world);
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'question'));
  const session = Object.values((await goalOf(world.operations, goal)).attempts)[0]?.session;
  await world.restart();
  const after = await goalOf(world.operations, goal);
  expect(openItem(after, 'question')?.id).toBe(item.id);
  expect((await textsIn(world.operations))[item.title.id]).toContain(QUESTION);
  expect(world.model.requests.some(asks)).toBe(false);
  await world.operations.goals.answer({ goal, item: item.id, answer: 'reply', text: 'the green one' }, undefined);
  await world.model.seen(asks);
  const ended = await ready(world.operations, goal);
  expect(Object.values(ended.attempts)[0]?.session).toBe(session);
  expect(Object.values(ended.items).filter((each) => each.kind === 'question')).toHaveLength(1);
});
