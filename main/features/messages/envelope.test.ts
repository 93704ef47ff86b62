import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { manualClock } from '#main/engine/test-kit.ts';
import { countingIds } from '#main/platform/ids.ts';
import type { Message } from '#protocol/model/conversation/state.ts';
import { conversationArea } from './area.ts';
import type { Court } from './court.ts';
import { MESSAGES_A_MINUTE } from './limits.ts';
import { createMessages, type Letter } from './service.ts';

let folder: string;
let clock: ReturnType<typeof manualClock>;
/** One for all starts: ids are never used twice. */
let newId: ReturnType<typeof countingIds>;
let close: () => Promise<void>;

const COURT: Court = {
  standing: () => 'here',
  nameOf: (_goal, agent) => agent,
  askCeo: async () => undefined,
  close: async () => undefined,
  record: async () => undefined,
};

const letter = (over: Partial<Letter> = {}): Letter => ({
  goal: 'g',
  from: 'ann',
  to: ['bob'],
  kind: 'inform',
  subject: 'News',
  body: 'It goes well.',
  replyTo: null,
  wantsAnswer: false,
  patience: null,
  attachments: [],
  ...over,
});

/** Messages over the journal of this test's folder; opened again it is the next start. */
async function open() {
  const engine = createEngine({
    journal: createSqliteJournal(join(folder, 'journal.db')),
    clock,
    newId,
    report: () => undefined,
  });
  const messages = createMessages(engine, clock.now, newId);
  const rung: Message[] = [];
  messages.bind(
    {
      async ring(message) {
        rung.push(message);
        return 'doorbell';
      },
      answered: async () => undefined,
    },
    COURT,
  );
  await engine.open();
  await engine.resume();
  close = () => engine.stop();
  return { engine, messages, rung };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aios-envelope-'));
  clock = manualClock();
  newId = countingIds();
  close = async () => undefined;
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);

describe('the envelope', () => {
  it('is read from the oldest events, which say less', () => {
    const ref = { id: 'p', hash: 'h' };
    const event = conversationArea.decode('message.sent', {
      message: 'm',
      goal: 'g',
      from: 'ann',
      to: ['bob'],
      kind: 'inform',
      subject: ref,
      body: ref,
      replyTo: null,
      wantsAnswer: false,
      deadline: null,
      attachments: [],
      hops: 1,
    });
    const state = conversationArea.evolve(conversationArea.initial('g.ann+bob'), event, {
      id: 'e',
      at: 1,
      epoch: 1,
      sequence: 1,
    });
    expect(state.messages['m']).toMatchObject({ priority: 'normal', sensitivity: 'internal', negotiation: null });
  });

  it('keeps what it was addressed to, and says nothing more openly than what it answers', async () => {
    const { messages } = await open();
    await messages.send(letter({ address: 'role:qa', priority: 'high', sensitivity: 'secret', body: 'k' }), 'm1');
    await messages.send(letter({ from: 'bob', to: ['ann'], replyTo: 'm1', sensitivity: 'public' }), 'm2');
    expect(messages.find('g', 'm1')).toMatchObject({ address: 'role:qa', priority: 'high' });
    expect(messages.find('g', 'm2')?.sensitivity).toBe('secret');
  });

  it('puts urgent conversations first and keeps the order within each', async () => {
    const { messages } = await open();
    for (const [id, from, priority] of [
      ['a1', 'ann', 'normal'],
      ['c1', 'cid', 'normal'],
      ['c2', 'cid', 'high'],
      ['a2', 'ann', 'normal'],
    ] as const) {
      clock.advance(1);
      await messages.send(letter({ from, priority }), id);
    }
    expect(ids(await messages.read('g', 'bob', 'run'))).toEqual(['c1', 'c2', 'a1', 'a2']);
  });
});

describe('a conversation', () => {
  it('keeps one order, whoever sends at once, and over a restart', async () => {
    const first = await open();
    const sent = await Promise.all(
      Array.from({ length: 25 }, (_, index) => [
        first.messages.send(letter({ subject: `a${index}` }), `a${index}`),
        first.messages.send(letter({ from: 'bob', to: ['ann'], subject: `b${index}` }), `b${index}`),
      ]).flat(),
    );
    expect(sent.every((each) => each.ok)).toBe(true);
    await first.engine.drained();
    const id = first.messages.conversations()[0] ?? '';
    const order = first.messages.conversation(id)?.order ?? [];
    const of = (letterOf: string, all: readonly string[]) => all.filter((each) => each.startsWith(letterOf));
    expect(of('a', order)).toEqual(Array.from({ length: 25 }, (_, index) => `a${index}`));
    // Each is told in the order in which it was sent, and read in it.
    expect(of('a', ids(first.rung))).toEqual(of('a', order));
    expect(ids(first.messages.inboxOf('g', 'bob'))).toEqual(of('a', order));
    await close();
    const second = await open();
    expect(second.messages.conversation(id)?.order).toEqual(order);
    expect(ids(await second.messages.read('g', 'bob', 'run'))).toEqual(of('a', order));
    expect(second.rung).toEqual([]);
  });
});

describe('refused, and nothing is changed', () => {
  it('a flood: a minute has its share, whichever conversations it goes to, and the CEO is not counted', async () => {
    const { engine, messages } = await open();
    const flood = Array.from({ length: MESSAGES_A_MINUTE + 20 }, (_, index) =>
      messages.send(letter({ to: [index % 2 === 0 ? 'bob' : 'cid'] }), `m${index}`),
    );
    const results = await Promise.all(flood);
    expect(results.filter((each) => each.ok)).toHaveLength(MESSAGES_A_MINUTE);
    expect(results.find((each) => !each.ok)).toMatchObject({ error: { tag: 'too-many-messages' } });
    await engine.drained();
    const sequence = engine.feed.sequence();
    expect(await messages.send(letter())).toMatchObject({ ok: false });
    expect(engine.feed.sequence()).toBe(sequence);
    expect((await messages.send(letter({ from: 'ceo' }))).ok).toBe(true);
    // Sent again it is the message it was, and no other.
    expect((await messages.send(letter(), 'm0')).ok).toBe(true);
    expect(messages.all('g')).toHaveLength(MESSAGES_A_MINUTE + 1);
    clock.advance(60_000);
    expect((await messages.send(letter())).ok).toBe(true);
  });

  it.each([
    ['a body of 16 MB', { body: 'x'.repeat(16 * 1024 * 1024) }, 'message-too-long'],
    ['a message to nobody', { to: [] }, 'nobody-there'],
    ['an answer to what does not exist', { replyTo: 'nowhere' }, 'no-such-message'],
    ['an answer to what others said', { from: 'eve', to: ['ann'], replyTo: 'm1' }, 'no-such-message'],
  ] as const)('%s', async (_what, over, tag) => {
    const { engine, messages } = await open();
    await messages.send(letter(), 'm1');
    await engine.drained();
    const sequence = engine.feed.sequence();
    expect(await messages.send(letter(over))).toMatchObject({ ok: false, error: { tag } });
    await engine.drained();
    expect(engine.feed.sequence()).toBe(sequence);
  });
});
