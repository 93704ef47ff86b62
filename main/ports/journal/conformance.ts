import { describe, expect, it } from 'vitest';
import type { Batch, Journal, StoredEvent } from './port.ts';
import { JournalOwned } from './port.ts';

/** A place for journals: every `journal()` is another connection to the same store. */
export interface JournalBench {
  journal(): Journal;
  /** Removes everything. */
  close(): Promise<void>;
}

/** A batch with as many events as asked, each with an order and a payload. */
export function batchOf(
  command: string,
  stream: string,
  expectedVersion: number,
  events = 1,
  over: Partial<Batch> = {},
): Batch {
  const ids = Array.from({ length: events }, (_, index) => `evt_${command}_${index}`);
  return {
    command,
    stream,
    expectedVersion,
    events: ids.map((id, index) => ({
      id,
      type: 'noted',
      at: 1_000 + index,
      data: JSON.stringify({ index, command }),
    })),
    payloads: ids.map((id) => ({ id: `pl_${id}`, hash: `h_${id}`, text: `text of ${id}` })),
    orders: ids.map((id) => ({ id, kind: 'toy.effect', dueAt: null })),
    settles: [],
    ...over,
  };
}

/** Every stored event, through `replay` without snapshots. */
export async function allEvents(journal: Journal): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  await journal.replay(
    () => false,
    (chunk) => void events.push(...chunk),
  );
  return events;
}

const ignore = () => undefined;

/** What every journal promises. An adapter's test calls this with its own bench. */
export function journalConformance(name: string, makeBench: () => JournalBench): void {
  async function within(work: (journal: Journal, bench: JournalBench) => Promise<void>): Promise<void> {
    const bench = makeBench();
    const journal = bench.journal();
    try {
      await journal.open();
      await work(journal, bench);
    } finally {
      await journal.close();
      await bench.close();
    }
  }
  async function reopened(
    journal: Journal,
    bench: JournalBench,
    work: (again: Journal) => Promise<void>,
  ): Promise<void> {
    await journal.close();
    const again = bench.journal();
    await again.open();
    try {
      await work(again);
    } finally {
      await again.close();
    }
  }

  describe(`journal conformance: ${name}`, () => {
    it('numbers events without gaps and calls back in order, before the promise resolves', () =>
      within(async (journal) => {
        const order: string[] = [];
        const appends = Array.from({ length: 50 }, async (_, index) => {
          const appended = await journal.append(
            batchOf(`c${index}`, `toy/${index % 5}`, Math.floor(index / 5)),
            (first) => {
              order.push(`committed ${first}`);
            },
          );
          order.push(`resolved ${appended.kind === 'appended' ? appended.firstSequence : appended.kind}`);
        });
        await Promise.all(appends);
        const committed = order.filter((each) => each.startsWith('committed'));
        expect(committed).toEqual(Array.from({ length: 50 }, (_, index) => `committed ${index + 1}`));
        for (let sequence = 1; sequence <= 50; sequence += 1) {
          expect(order.indexOf(`committed ${sequence}`)).toBeLessThan(order.indexOf(`resolved ${sequence}`));
        }
        expect((await allEvents(journal)).map((event) => event.sequence)).toEqual(
          Array.from({ length: 50 }, (_, i) => i + 1),
        );
      }));

    it('keeps events, receipts, payloads and orders over a reopening, with the epoch of each', () =>
      within(async (journal, bench) => {
        await journal.append(batchOf('one', 'toy/a', 0, 2), ignore);
        const before = await allEvents(journal);
        await reopened(journal, bench, async (again) => {
          expect(await allEvents(again)).toEqual(before);
          expect(await again.receipt('one')).toEqual({
            command: 'one',
            stream: 'toy/a',
            firstSequence: 1,
            lastSequence: 2,
          });
          expect(await again.payloads(['pl_evt_one_0', 'pl_none'])).toEqual(
            new Map([['pl_evt_one_0', 'text of evt_one_0']]),
          );
          expect((await again.openOrders()).map((each) => [each.id, each.event.sequence])).toEqual([
            ['evt_one_0', 1],
            ['evt_one_1', 2],
          ]);
          await again.append(batchOf('two', 'toy/a', 2), ignore);
          const epochs = (await allEvents(again)).map((event) => event.epoch);
          expect(epochs[2]).toBe((epochs[0] ?? 0) + 1);
        });
      }));

    it('answers a repeated command with its receipt and stores nothing', () =>
      within(async (journal) => {
        await journal.append(batchOf('one', 'toy/a', 0), ignore);
        for (const expectedVersion of [0, 1]) {
          const again = await journal.append(batchOf('one', 'toy/a', expectedVersion), () => {
            throw new Error('a duplicate is not committed');
          });
          expect(again).toMatchObject({ kind: 'duplicate', receipt: { firstSequence: 1, lastSequence: 1 } });
        }
        expect(await allEvents(journal)).toHaveLength(1);
      }));

    it('tells of a conflict, stores nothing of it, and stores what was sent beside it', () =>
      within(async (journal) => {
        await journal.append(batchOf('one', 'toy/a', 0), ignore);
        const [stale, good] = await Promise.all([
          journal.append(batchOf('late', 'toy/a', 0), ignore),
          journal.append(batchOf('two', 'toy/b', 0), ignore),
        ]);
        expect(stale).toEqual({ kind: 'conflict', version: 1 });
        expect(good).toEqual({ kind: 'appended', firstSequence: 2 });
        expect(await journal.receipt('late')).toBeUndefined();
        expect(await journal.payloads(['pl_evt_late_0'])).toEqual(new Map());
      }));

    it('settles orders, once and for good', () =>
      within(async (journal, bench) => {
        await journal.append(batchOf('one', 'toy/a', 0, 3), ignore);
        await journal.append(batchOf('settle', 'toy/a', 1, 0, { settles: ['evt_one_1', 'evt_none'] }), ignore);
        await reopened(journal, bench, async (again) => {
          expect((await again.openOrders()).map((each) => each.id)).toEqual(['evt_one_0', 'evt_one_2']);
        });
      }));

    it('forgets payloads and leaves events and the chain whole', () =>
      within(async (journal) => {
        await journal.append(batchOf('one', 'toy/a', 0, 2), ignore);
        const before = await allEvents(journal);
        await journal.forget(['pl_evt_one_0']);
        expect(await journal.payloads(['pl_evt_one_0', 'pl_evt_one_1'])).toEqual(
          new Map([['pl_evt_one_1', 'text of evt_one_1']]),
        );
        expect(await allEvents(journal)).toEqual(before);
        expect(await journal.verify()).toBeNull();
      }));

    it('replays from accepted snapshots only what came after them', () =>
      within(async (journal) => {
        await journal.append(batchOf('one', 'toy/a', 0, 3), ignore);
        await journal.append(batchOf('two', 'toy/b', 0, 2), ignore);
        await journal.saveSnapshot({ stream: 'toy/a', version: 2, shape: 7, state: '{}' });
        const replay = async (takes: boolean) => {
          const seen: string[] = [];
          await journal.replay(
            () => takes,
            (events) => void seen.push(...events.map((event) => `${event.stream} ${event.version}`)),
          );
          return seen;
        };
        expect(await replay(true)).toEqual(['toy/a 3', 'toy/b 1', 'toy/b 2']);
        expect(await replay(false)).toHaveLength(5);
      }));

    it('reads above a sequence, in order and at most so many', () =>
      within(async (journal) => {
        await journal.append(batchOf('one', 'toy/a', 0, 5), ignore);
        expect((await journal.read(2, 2)).map((event) => event.sequence)).toEqual([3, 4]);
      }));

    it('has one owner, and takes the next when the first is gone', () =>
      within(async (journal, bench) => {
        const second = bench.journal();
        await expect(second.open()).rejects.toBeInstanceOf(JournalOwned);
        await journal.append(batchOf('one', 'toy/a', 0), ignore);
        await reopened(journal, bench, async (again) => {
          expect(await allEvents(again)).toHaveLength(1);
        });
      }));

    it('rejects what is appended after it closed', () =>
      within(async (journal) => {
        await journal.close();
        await expect(journal.append(batchOf('one', 'toy/a', 0), ignore)).rejects.toThrow('closed');
      }));
  });
}
