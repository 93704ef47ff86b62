import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { manualClock } from '#main/engine/test-kit.ts';
import { countingIds } from '#main/platform/ids.ts';
import type { Court } from './court.ts';
import { HOP_LIMIT } from './limits.ts';
import { createMessages, type Doorbell, type Letter } from './service.ts';

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

/** Messages over a real journal; what is rung and answered is recorded. */
async function within(work: (rig: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'aios-messages-'));
  const rig = await open(join(folder, 'journal.db'));
  await work(rig);
  await rig.engine.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function open(file: string) {
  const clock = manualClock();
  const newId = countingIds();
  const engine = createEngine({ journal: createSqliteJournal(file), clock, newId, report: () => undefined });
  const messages = createMessages(engine, clock.now, newId);
  const rung: string[] = [];
  const answered: string[] = [];
  const court: Court = {
    standing: () => 'here',
    nameOf: (_goal, agent) => agent,
    askCeo: async () => undefined,
    close: async () => undefined,
    record: async () => undefined,
  };
  const doorbell: Doorbell = {
    async ring(message, recipient) {
      rung.push(`${message.id} ${recipient}`);
      return 'doorbell';
    },
    async answered(_goal: string, message: string) {
      answered.push(message);
    },
  };
  messages.bind(doorbell, court);
  await engine.open();
  await engine.resume();
  return { clock, engine, messages, rung, answered };
}

describe('messages', () => {
  it('are stored once per id, rung once and kept in the order they were sent', () =>
    within(async ({ engine, messages, rung, clock }) => {
      for (let index = 0; index < 20; index += 1) {
        clock.advance(1);
        await messages.send(letter({ subject: `n${index}` }), `m${index}`);
        await messages.send(letter({ subject: `n${index}` }), `m${index}`);
      }
      await engine.drained();
      const expected = Array.from({ length: 20 }, (_, index) => `m${index}`);
      expect(messages.inboxOf('g', 'bob').map((message) => message.id)).toEqual(expected);
      expect(rung).toEqual(expected.map((id) => `${id} bob`));
      const read = await messages.read('g', 'bob', 'run');
      expect(read.map((message) => message.subjectText)).toEqual(Array.from({ length: 20 }, (_, index) => `n${index}`));
    }));

  it('stay unread for a later run until a model has seen them', () =>
    within(async ({ messages }) => {
      await messages.send(letter(), 'm1');
      expect(await messages.read('g', 'bob', 'run1')).toHaveLength(1);
      expect(await messages.read('g', 'bob', 'run2')).toHaveLength(1);
      await messages.acknowledge('g', 'bob', 'run2', 'call', ['m1']);
      expect(await messages.read('g', 'bob', 'run3')).toEqual([]);
    }));

  it('link answers to questions and wake whoever waits', () =>
    within(async ({ engine, messages, answered }) => {
      await messages.send(letter({ wantsAnswer: true, patience: 1_000 }), 'ask');
      await messages.send(letter({ from: 'bob', to: ['ann'], replyTo: 'ask' }), 'reply');
      await engine.drained();
      expect(messages.find('g', 'ask')?.answeredBy).toBe('reply');
      expect(answered).toEqual(['ask']);
    }));

  it('refuse an answer to what was not sent to the sender', () =>
    within(async ({ messages }) => {
      await messages.send(letter(), 'm1');
      expect(await messages.send(letter({ from: 'eve', to: ['ann'], replyTo: 'm1' }))).toMatchObject({
        ok: false,
        error: { tag: 'no-such-message' },
      });
      expect(await messages.send(letter({ replyTo: 'nowhere' }))).toMatchObject({ ok: false });
    }));

  it('stop an exchange that goes round in circles', () =>
    within(async ({ messages }) => {
      let replyTo: string | null = null;
      for (let hop = 1; hop <= HOP_LIMIT; hop += 1) {
        const [from, to] = hop % 2 === 1 ? ['ann', 'bob'] : ['bob', 'ann'];
        expect((await messages.send(letter({ from: from ?? '', to: [to ?? ''], replyTo }), `m${hop}`)).ok).toBe(true);
        replyTo = `m${hop}`;
      }
      expect(await messages.send(letter({ replyTo }))).toMatchObject({ ok: false, error: { tag: 'too-many-replies' } });
    }));

  it('become dead letters when nobody answers in time, wake the asker, and can be replayed', () =>
    within(async ({ engine, messages, clock, rung, answered }) => {
      await messages.send(letter({ wantsAnswer: true, patience: 60_000 }), 'ask');
      await engine.drained();
      clock.advance(59_999);
      await engine.drained();
      expect(messages.find('g', 'ask')?.dead).toBeNull();
      clock.advance(1);
      await engine.drained();
      expect(messages.find('g', 'ask')?.dead).toMatchObject({ reason: 'expired' });
      expect(messages.inboxOf('g', 'bob')).toEqual([]);
      expect(answered).toEqual(['ask']);
      expect((await messages.replay('g', 'ask', 'ceo')).ok).toBe(true);
      await engine.drained();
      expect(messages.inboxOf('g', 'bob')).toHaveLength(1);
      expect(rung).toEqual(['ask bob', 'ask bob']);
    }));

  it('are given up at once where nobody will answer, and an answered one never is', () =>
    within(async ({ engine, messages, answered }) => {
      await messages.send(letter({ wantsAnswer: true, patience: 60_000 }), 'ask');
      await messages.giveUp('g', 'ask');
      await engine.drained();
      expect(messages.find('g', 'ask')?.dead).toMatchObject({ reason: 'undeliverable' });
      expect(answered).toEqual(['ask']);
      await messages.send(letter({ wantsAnswer: true, patience: 60_000 }), 'kept');
      await messages.send(letter({ from: 'bob', to: ['ann'], replyTo: 'kept' }), 'answer');
      await messages.giveUp('g', 'kept');
      expect(messages.find('g', 'kept')?.dead).toBeNull();
    }));

  it('refuse what is empty or too long', () =>
    within(async ({ messages }) => {
      expect(await messages.send(letter({ body: '  ' }))).toMatchObject({ ok: false, error: { tag: 'empty-message' } });
      expect(await messages.send(letter({ body: 'ü'.repeat(40_000) }))).toMatchObject({
        ok: false,
        error: { tag: 'message-too-long' },
      });
    }));
});
