import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '#protocol/model/conversation/state.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import type { ModelRequest } from '../doubles/model-server.ts';
import { goalOf, openItem, openWorld, present, snapshotOf, state, tagOf, value, type World, waitFor } from './kit.ts';
import { say } from './model.ts';

const TOOLS =
  '[list_agents, send_message, ask, read_messages, propose, respond, list_decisions, report_progress, complete_task]';
const CREW = `
name: pair
title: Pair
limits: { usd: 5 }
roles:
  worker: { title: Worker, prompt: Work., driver: scripted, model: m, tools: [read, edit], writable: ["**"], aiosTools: ${TOOLS}, caps: { usd: 2 } }
  helper: { title: Helper, prompt: Help., driver: scripted, model: m, count: 2, tools: [read], aiosTools: ${TOOLS} }
`;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const tool = (name: string, input: Record<string, unknown> = {}): Step => ({ mcp: { tool: name, input } });
const edit: Step = { edit: { path: 'work.txt', content: 'done\n' } };
const complete: Step = tool('complete_task', { status: 'done', summary: 'Done.' });

/** A board with one worker and two helpers; `on` hears what the model is told, by the word of the step. */
async function board(name: string, on: (step: string, said: string, goal: string) => Promise<void> | void) {
  let goal = '';
  const model = async (request: ModelRequest) => {
    const said = JSON.stringify(request.messages).replaceAll('\\n', '\n');
    const step = /step-[a-z]+/.exec(said.slice(said.lastIndexOf('step-')))?.[0] ?? '';
    await on(step, said, goal);
    return { blocks: [say('Go on.')] };
  };
  world = await openWorld(name, { model });
  const crew = join(world.folder, 'pair.yaml');
  await writeFile(crew, CREW);
  goal = await state(world, { text: 'Errands', crew, board: true, agent: undefined });
  const agents = Object.values((await goalOf(world.operations, goal)).agents);
  const of = (role: string) => agents.filter((agent) => agent.role === role).map((agent) => agent.id);
  return { world, goal, worker: present(of('worker')[0]), helpers: of('helper') };
}

async function give(goal: string, agent: string, steps: readonly Step[]): Promise<string> {
  const task = { key: 't', title: 'T', brief: JSON.stringify(steps), assignee: { kind: 'agent' as const, agent } };
  const added = value(await present(world).operations.plan.addTasks({ goal, tasks: [task] }, undefined));
  return present(added.tasks[0]);
}

const over = (task: string) => (goal: Goal) => goal.tasks[task]?.status === 'done' && goal;

async function messageOf(goal: string, test: (message: Message) => boolean): Promise<Message> {
  const { conversations } = await snapshotOf(present(world).operations);
  const all = conversations.flatMap((each) => Object.values(each.messages));
  return present(all.find((message) => message.goal === goal && test(message)));
}

test('a message rings inside a running turn; while nobody runs it waits for the next turn and wakes nobody', async () => {
  const heard = new Map<string, string>();
  const message = (goal: string, to: string, body: string) =>
    sure(present(world).operations.goals.message({ goal, to, subject: 'News', body }, undefined));
  let worker = '';
  const made = await board('delivery', async (step, said, goal) => {
    heard.set(step, said);
    if (step !== 'step-first') return;
    const { message: id } = await message(goal, worker, 'Inside the turn.');
    await rung(goal, id);
  });
  worker = made.worker;
  const early = await message(made.goal, worker, 'Before the turn.');
  await rung(made.goal, early.message);
  expect((await messageOf(made.goal, ({ id }) => id === early.message)).rung).toEqual({ [worker]: 'next-turn' });
  expect(Object.values((await goalOf(made.world.operations, made.goal)).runs)).toEqual([]);
  const read = tool('read_messages');
  const task = await give(made.goal, worker, [
    read,
    { model: 'step-first' },
    { model: 'step-second' },
    read,
    { model: 'step-third' },
    edit,
    complete,
  ]);
  await waitFor(made.world.operations, made.goal, over(task));
  expect(heard.get('step-first')).toContain('Before the turn.');
  expect(heard.get('step-second')).toContain('you have unread messages');
  // The doorbell carries none of its words.
  expect(heard.get('step-second')).not.toContain('Inside the turn.');
  expect(heard.get('step-third')).toContain('Inside the turn.');
}, 90_000);

async function sure<T>(promise: Promise<Parameters<typeof value<T>>[0]>): Promise<T> {
  return value(await promise);
}

/** Waits until a message was told to whoever gets it. */
async function rung(goal: string, id: string): Promise<void> {
  const told = async () => Object.keys((await messageOf(goal, (each) => each.id === id)).rung).length;
  await expect.poll(told, { timeout: 20_000 }).toBeGreaterThan(0);
}

test('a question that is not waited for goes on; unanswered it is a dead letter, which can be sent again', async () => {
  const heard = new Map<string, string>();
  const made = await board('dead', (step, said) => {
    heard.set(step, said);
  });
  const { operations } = made.world;
  const question = { to: 'role:helper', subject: 'Which?', body: 'This or that?', wait: false };
  const task = await give(made.goal, made.worker, [tool('ask', question), { model: 'step-on' }, edit, complete]);
  await waitFor(operations, made.goal, over(task));
  expect(heard.get('step-on')).toContain('The answer will be announced');
  // A helper plays scripts only: woken with words it ends without an answer. One was asked, and one was woken.
  const letters = async () => value(await operations.messages.deadLetters({ goal: made.goal }, undefined));
  await expect.poll(async () => (await letters()).length, { timeout: 40_000 }).toBe(1);
  const [letter] = await letters();
  expect(letter).toMatchObject({ subjectText: 'Which?', bodyText: 'This or that?', address: 'role:helper' });
  expect(letter?.to).toHaveLength(1);
  const wakes = (goal: Goal) => Object.values(goal.tasks).filter((each) => each.about === letter?.id);
  const before = await goalOf(operations, made.goal);
  expect(wakes(before)).toHaveLength(1);
  expect(Object.values(before.runs).filter((run) => run.outcome === 'deferred')).toEqual([]);
  value(await operations.messages.replay({ goal: made.goal, message: present(letter).id }, undefined));
  await waitFor(operations, made.goal, (goal) => wakes(goal).length === 2);
  expect(tagOf(await operations.messages.replay({ goal: made.goal, message: 'nowhere' }, undefined))).toBe(
    'no-such-message',
  );
}, 90_000);

test('what the CEO decided is listed to whoever it binds; a question to nobody is refused to its face', async () => {
  const heard = new Map<string, string>();
  const made = await board('bound', (step, said) => {
    heard.set(step, said);
  });
  const { operations } = made.world;
  const { project } = await goalOf(operations, made.goal);
  const words = { project, subject: 'Tabs', command: 'command-one' };
  const first = value(
    await operations.messages.recordDecision({ ...words, text: 'Tabs.', roles: ['worker'] }, undefined),
  );
  const again = value(
    await operations.messages.recordDecision({ ...words, text: 'Tabs.', roles: ['worker'] }, undefined),
  );
  expect(again).toEqual(first);
  const second = { project, subject: 'Spaces', text: 'Two spaces.', paths: ['src/**'], supersedes: first.decision };
  value(await operations.messages.recordDecision(second, undefined));
  expect(tagOf(await operations.messages.recordDecision(second, undefined))).toBe('decision-over');
  expect(tagOf(await operations.messages.recordDecision({ ...words, text: 'Nobody.' }, undefined))).toBe('ok');
  expect(tagOf(await operations.messages.recordDecision({ project, subject: 'S', text: 'Nobody.' }, undefined))).toBe(
    'binds-nobody',
  );
  const task = await give(made.goal, made.worker, [
    tool('list_decisions'),
    tool('ask', { to: 'wizard', subject: 'S', body: 'B' }),
    { model: 'step-told' },
    edit,
    complete,
  ]);
  const ended = await waitFor(operations, made.goal, over(task));
  const told = present(heard.get('step-told'));
  expect(told).toContain('There is nobody called');
  expect(openItem(ended, 'question')).toBeUndefined();
  expect(Object.values(ended.runs).map((run) => run.reason)).toEqual(['first', 'resolved']);
  const decisions = value(await operations.messages.decisions({ project, all: true }, undefined));
  expect(decisions.map(({ subjectText, over: end }) => [subjectText, end?.by ?? null])).toEqual([
    ['Spaces', null],
    ['Tabs', 'ceo'],
  ]);
}, 90_000);
