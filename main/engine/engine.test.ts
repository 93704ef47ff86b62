import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { countingIds, systemIds } from '#main/platform/ids.ts';
import { createEngine, type EngineProblem } from './engine.ts';
import type { Performance } from './performer.ts';
import { type Counter, type CounterCommand, counterArea, failingJournal, manualClock } from './test-kit.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aios-engine-'));
  folders.push(folder);
  return join(folder, 'journal.db');
}

/** An engine over a real journal, with a clock of the test's own. `performed` records what is performed. */
function rig(file: string, over: { shape?: number; perform?: (p: Performance) => Promise<string | null> } = {}) {
  const clock = manualClock();
  const failing = failingJournal(createSqliteJournal(file));
  const problems: EngineProblem[] = [];
  const performed: Performance[] = [];
  const engine = createEngine({
    journal: failing.journal,
    clock,
    newId: systemIds(() => Math.random() * 2 ** 40),
    report: (problem) => problems.push(problem),
  });
  const counters = engine.register(counterArea(over.shape));
  engine.perform('counter.effect', async (performance) => {
    performed.push(performance);
    const of = over.perform ? await over.perform(performance) : performance.id;
    return of === null
      ? null
      : { stream: performance.stream, command: { type: 'report', of } satisfies CounterCommand };
  });
  const start = async () => {
    await engine.open();
    await engine.resume();
  };
  return { engine, counters, clock, problems, performed, failing, start };
}

const add = (by = 1, order: 'none' | 'now' | number = 'none'): CounterCommand => ({
  type: 'add',
  by,
  note: `note ${by}`,
  order,
});
const totals = (counters: { ids(): readonly string[]; state(id: string): Counter | undefined }) =>
  Object.fromEntries([...counters.ids()].sort().map((id) => [id, counters.state(id)]));

describe('engine', () => {
  it('replays to exactly the live state, whatever was commanded', async () => {
    const command = fc.record({
      stream: fc.constantFrom('a', 'b', 'c'),
      by: fc.integer({ min: -3, max: 5 }),
      again: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 60, size: 'max' }), async (commands) => {
        const file = place();
        const first = rig(file);
        await first.start();
        const results = await Promise.all(
          commands.flatMap(({ stream, by, again }, index) =>
            Array.from({ length: again ? 2 : 1 }, () => first.counters.execute(stream, add(by), { id: `c${index}` })),
          ),
        );
        expect(results.every((result) => result.ok || result.error.tag === 'negative')).toBe(true);
        const live = totals(first.counters);
        await first.engine.stop();
        const second = rig(file, { shape: 2 });
        await second.start();
        expect(totals(second.counters)).toEqual(live);
        await second.engine.stop();
      }),
      { numRuns: 10 },
    );
  }, 60_000);

  it('does a command once, however often it is sent, and says so', async () => {
    const { engine, counters, start } = rig(place());
    await start();
    const first = await counters.execute('a', add(2), { id: 'same' });
    const second = await counters.execute('a', add(2), { id: 'same' });
    const elsewhere = await counters.execute('b', add(2), { id: 'same' });
    expect(first).toMatchObject({ ok: true, value: { repeated: false, sequence: 1 } });
    expect(second).toMatchObject({ ok: true, value: { repeated: true, sequence: 1 } });
    expect(elsewhere).toMatchObject({ ok: true, value: { repeated: true, stream: 'counter/a' } });
    expect(counters.state('a')?.total).toBe(2);
    await engine.stop();
  });

  it('performs an effect, and its report settles it once', async () => {
    const { engine, counters, performed, start } = rig(place());
    await start();
    await counters.execute('a', add(1, 'now'));
    await engine.drained();
    expect(performed).toHaveLength(1);
    expect(counters.state('a')?.reports).toEqual([performed[0]?.id]);
    expect(engine.orders.open()).toEqual([]);
    await engine.stop();
  });

  it('redelivers an unsettled effect at the next start, with the same key', async () => {
    const file = place();
    const hanging = rig(file, {
      perform: (p) => new Promise((resolve) => p.signal.addEventListener('abort', () => resolve(null))),
    });
    await hanging.start();
    await hanging.counters.execute('a', add(1, 'now'));
    await Promise.resolve();
    await hanging.engine.stop();
    const again = rig(file);
    await again.start();
    await again.engine.drained();
    expect(again.performed.map((each) => [each.id, each.redelivered])).toEqual([[hanging.performed[0]?.id, true]]);
    expect(again.counters.state('a')?.reports).toHaveLength(1);
    await again.engine.stop();
    const third = rig(file);
    await third.start();
    await third.engine.drained();
    expect(third.performed).toEqual([]);
    await third.engine.stop();
  });

  it('fires a timer once, when it is due and not before, also after a restart', async () => {
    const file = place();
    const first = rig(file);
    await first.start();
    await first.counters.execute('a', add(1, 60_000));
    await first.counters.execute('a', add(1, 120_000));
    first.clock.advance(59_999);
    await first.engine.drained();
    expect(first.performed).toEqual([]);
    first.clock.advance(1);
    await first.engine.drained();
    expect(first.performed).toHaveLength(1);
    await first.engine.stop();
    const second = rig(file);
    await second.start();
    second.clock.advance(120_000);
    await second.engine.drained();
    second.clock.advance(120_000);
    await second.engine.drained();
    expect(second.performed).toHaveLength(1);
    expect(second.counters.state('a')?.reports).toHaveLength(2);
    await second.engine.stop();
  });

  it('counts a new epoch at each start', async () => {
    const file = place();
    for (const epoch of [1, 2, 3]) {
      const { engine, start } = rig(file);
      await start();
      expect(engine.epoch()).toBe(epoch);
      await engine.stop();
    }
  });

  it.each(['before', 'after'] as const)(
    'drops memory when a write fails %s it is stored, and loses nothing acknowledged',
    async (how) => {
      const { engine, counters, failing, problems, start } = rig(place());
      await start();
      expect((await counters.execute('a', add(1))).ok).toBe(true);
      failing.fail(how);
      expect(await counters.execute('a', add(10), { id: 'ten' })).toMatchObject({
        ok: false,
        error: { tag: 'store-failed' },
      });
      expect(problems.map((problem) => problem.kind === 'write-failed' && problem.recovered)).toEqual([false, true]);
      expect(counters.state('a')?.total).toBe(how === 'after' ? 11 : 1);
      // The caller was told it failed and sends it again: it is done once.
      expect(await counters.execute('a', add(10), { id: 'ten' })).toMatchObject({
        ok: true,
        value: { repeated: how === 'after' },
      });
      expect(counters.state('a')?.total).toBe(11);
      await engine.stop();
    },
  );

  it('takes nothing while the store cannot be opened, and goes on when it can', async () => {
    const { engine, counters, failing, start } = rig(place());
    await start();
    await counters.execute('a', add(1));
    failing.fail('before');
    failing.failOpen(2);
    expect((await counters.execute('a', add(2))).ok).toBe(false);
    expect((await counters.execute('a', add(2))).ok).toBe(false);
    expect((await counters.execute('a', add(2))).ok).toBe(true);
    expect(counters.state('a')?.total).toBe(3);
    await engine.stop();
  });

  it('performs again, not twice in effect, what a failed write kept from being reported', async () => {
    const { engine, counters, failing, performed, clock, start } = rig(place());
    await start();
    await counters.execute('warm', add(1));
    const before = performed.length;
    const seen = new Promise<void>((resolve) => {
      engine.perform('counter.effect', async (performance) => {
        performed.push(performance);
        if (performed.length === before + 1) failing.fail('before');
        else resolve();
        return { stream: performance.stream, command: { type: 'report', of: performance.id } satisfies CounterCommand };
      });
    });
    await counters.execute('a', add(1, 'now'));
    while (clock.pending() === 0 && performed.length < before + 2)
      await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    await seen;
    await engine.drained();
    expect(new Set(performed.map((each) => each.id)).size).toBe(1);
    expect(counters.state('a')?.reports).toHaveLength(1);
    await engine.stop();
  });

  it('surfaces an effect that keeps throwing, and stops without waiting for its next try', async () => {
    const { engine, counters, problems, clock, start } = rig(place(), {
      perform: () => Promise.reject(new Error('no')),
    });
    await start();
    await counters.execute('a', add(1, 'now'));
    while (clock.pending() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(problems).toMatchObject([{ kind: 'effect-threw', effect: 'counter.effect' }]);
    await engine.stop();
  });

  it('uses a snapshot only when its shape is the one it knows', async () => {
    const file = place();
    const first = rig(file);
    await first.start();
    for (let index = 0; index < 60; index += 1) await first.counters.execute('a', add(1));
    await first.engine.stop();
    const journal = createSqliteJournal(file);
    await journal.open();
    await journal.saveSnapshot({
      stream: 'counter/a',
      version: 60,
      shape: 1,
      state: JSON.stringify({ id: 'a', total: 999, reports: [], sequence: 60 }),
    });
    await journal.close();
    const same = rig(file, { shape: 1 });
    await same.start();
    expect(same.counters.state('a')?.total).toBe(999);
    await same.engine.stop();
    const other = rig(file, { shape: 2 });
    await other.start();
    expect(other.counters.state('a')?.total).toBe(60);
    await other.engine.stop();
  });

  it('keeps texts beside the events, under a keyed hash, and forgets them', async () => {
    const { engine, counters, start } = rig(place());
    await start();
    const seen: unknown[] = [];
    engine.feed.watch(0, (events) => seen.push(...events.map((event) => event.data)));
    await counters.execute('a', add(5));
    const note = (seen[0] as { note: { id: string; hash: string } }).note;
    expect(JSON.stringify(seen)).not.toContain('note 5');
    expect((await engine.payloads([note.id])).get(note.id)).toBe('note 5');
    await engine.forget([note.id]);
    expect((await engine.payloads([note.id])).size).toBe(0);
    await engine.stop();
  });

  it('hands a watcher every event once and in order, from where it stands', async () => {
    const { engine, counters, start } = rig(place());
    await start();
    await counters.execute('a', add(1));
    const seen: number[] = [];
    engine.feed.watch(0, (events) => seen.push(...events.map((event) => event.sequence)));
    await Promise.all(Array.from({ length: 40 }, (_, index) => counters.execute(`s${index % 7}`, add(1))));
    expect(seen).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    expect(engine.feed.watch(99, () => undefined)).toBeNull();
    await engine.stop();
  });

  it('gives each id once', () => {
    const next = countingIds();
    expect([next('a'), next('b')]).toEqual(['a_1', 'b_2']);
  });
});
