import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { manualClock } from '#main/engine/test-kit.ts';
import { countingIds } from '#main/platform/ids.ts';
import { waitKey } from '#protocol/model/conversation/negotiation.ts';
import type { Court } from './court.ts';
import type { Opening, Response } from './negotiations.ts';
import { createMessages } from './service.ts';

const PATIENCE = 60_000;

let folder: string;
let clock: ReturnType<typeof manualClock>;
/** One for all starts: ids are never used twice. */
let newId: ReturnType<typeof countingIds>;
let close: () => Promise<void>;
/** What was done beyond the conversation, in order. */
let done: string[];
let standing: Record<string, ReturnType<Court['standing']>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aios-negotiations-'));
  clock = manualClock();
  newId = countingIds();
  close = async () => undefined;
  done = [];
  standing = {};
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Negotiations over the journal of this test's folder; opened again it is the next start. */
async function open() {
  const journal = createSqliteJournal(join(folder, 'journal.db'));
  const engine = createEngine({ journal, clock, newId, report: () => undefined });
  const messages = createMessages(engine, clock.now, newId);
  const court: Court = {
    standing: (_goal, agent) => standing[agent] ?? 'here',
    nameOf: (_goal, agent) => agent.toUpperCase(),
    askCeo: async (_goal, id, item) => void done.push(`ceo asked of ${id}: ${item.title}\n${item.detail}`),
    close: async (_goal, id) => void done.push(`closed ${id}`),
    record: async (negotiation, texts) => void done.push(`recorded ${negotiation.id}: ${texts.subject}: ${texts.text}`),
  };
  const doorbell = {
    ring: async (message: { id: string; wantsAnswer: boolean }, recipient: string) => {
      done.push(`${message.wantsAnswer ? 'asked' : 'told'} ${recipient} ${message.id}`);
      return 'woken' as const;
    },
    answered: async (_goal: string, on: string) => void done.push(`resumed ${on}`),
  };
  messages.bind(doorbell, court);
  await engine.open();
  await engine.resume();
  close = () => engine.stop();
  return { engine, messages, negotiations: messages.negotiations };
}

const opening = (over: Partial<Opening> = {}): Opening => ({
  goal: 'g',
  from: 'ann',
  to: ['bob'],
  address: 'bob',
  subject: 'The field',
  text: 'first',
  binds: { agents: [], roles: [], paths: [] },
  patience: PATIENCE,
  arbiters: ['owner', 'lead'],
  hopsBefore: 0,
  ...over,
});

const step = (type: 'accept' | 'counter' | 'reject', from: string, version: number, text = ''): Response => ({
  type,
  negotiation: 'n1',
  from,
  version,
  text,
});

/** What happened since it was last asked. */
function since(): string[] {
  return done.splice(0);
}

describe('negotiations over a journal', () => {
  it('let only those go on who wait and whose turn it is, and all once it has ended', async () => {
    const { engine, negotiations } = await open();
    await negotiations.open(opening({ to: ['bob', 'cid'] }), 'n1');
    await engine.drained();
    expect(since()).toEqual([
      `resumed ${waitKey('n1', 'bob')}`,
      'asked bob n1_v1',
      `resumed ${waitKey('n1', 'cid')}`,
      'asked cid n1_v1',
    ]);
    await negotiations.respond('g', step('accept', 'bob', 1), 'm1');
    await engine.drained();
    // Nobody goes on: cid was asked before, and ann still waits for cid.
    expect(since().filter((each) => !each.includes('cid'))).toEqual(['told ann m1']);
    expect(negotiations.isOver('g', waitKey('n1', 'ann'))).toBe(false);
    await negotiations.respond('g', step('counter', 'cid', 1, 'second'), 'm2');
    await engine.drained();
    expect(since()).toEqual(['resumed n1/ann', 'asked ann m2', 'resumed n1/bob', 'asked bob m2']);
    await negotiations.respond('g', step('accept', 'ann', 2), 'm3');
    await negotiations.respond('g', step('accept', 'bob', 2), 'm4');
    // The same call again is the same step.
    expect((await negotiations.respond('g', step('accept', 'bob', 2), 'm4')).ok).toBe(true);
    await engine.drained();
    const after = since();
    expect(after.filter((each) => each.startsWith('recorded'))).toEqual(['recorded n1: The field: second']);
    for (const party of ['ann', 'bob', 'cid']) expect(after).toContain(`resumed ${waitKey('n1', party)}`);
    expect(after.some((each) => each.startsWith('asked'))).toBe(false);
  });

  it('call arbiters by the clock, skip who has left, survive restarts between, and end with the words of the CEO', async () => {
    standing = { lead: 'gone' };
    const first = await open();
    await first.negotiations.open(opening(), 'n1');
    await first.engine.drained();
    since();
    await close();
    clock.advance(PATIENCE);
    const second = await open();
    await second.engine.drained();
    expect(since()).toEqual(['resumed n1/owner', 'asked owner arb_n1_1']);
    const [read] = await second.messages.readable(second.messages.inboxOf('g', 'owner'));
    expect(read).toMatchObject({ from: 'system', kind: 'escalate' });
    expect(read?.bodyText).toContain('v1, proposed by ANN, accepted by ANN:\nfirst');
    await close();
    clock.advance(24 * PATIENCE);
    const third = await open();
    await third.engine.drained();
    expect(since()).toEqual([expect.stringContaining('ceo asked of n1: The field: ANN, BOB do not agree')]);
    expect(third.negotiations.find('g', 'n1')?.arbitration).toMatchObject({
      arbiter: 'ceo',
      stage: 3,
      cause: 'absent',
    });
    clock.advance(1_000 * PATIENCE);
    await third.engine.drained();
    expect(since()).toEqual([]);
    await third.negotiations.respond(
      'g',
      { type: 'rule', negotiation: 'n1', from: 'ceo', version: null, text: 'mine' },
      'r',
    );
    await third.engine.drained();
    expect(since()).toEqual(expect.arrayContaining(['recorded n1: The field: mine', 'closed n1', 'resumed n1/ann']));
  });

  it('end without a decision when the goal is over before anybody rules', async () => {
    standing = { owner: 'goal-over' };
    const { engine, negotiations } = await open();
    await negotiations.open(opening(), 'n1');
    await negotiations.respond('g', step('reject', 'bob', 1), 'm1');
    await engine.drained();
    expect(negotiations.find('g', 'n1')?.ended).toMatchObject({ outcome: 'withdrawn', by: 'system' });
    expect(since().some((each) => each.startsWith('recorded'))).toBe(false);
  });
});
