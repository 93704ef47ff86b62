import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '#main/ports/journal/conformance.ts';
import { pack, unpackAnswer } from './wire.ts';
import { Writer } from './writer.ts';

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'aios-journal-'));
  return { file: join(folder, 'journal.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a kill now would leave: the files as they are, without a close. */
function killed(file: string, name: string): string {
  const left = join(dirname(file), name);
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${left}${suffix}`);
  return left;
}

describe('a journal that was killed', () => {
  it('knows every stream after a kill at any commit, whatever the table of streams says', () => {
    const { file, remove } = place();
    const writer = new Writer(file);
    writer.open();
    for (let version = 0; version < 4; version += 1) {
      writer.begin();
      writer.append(pack([batchOf(`a${version}`, 'toy/a', version), batchOf(`b${version}`, 'toy/b', version * 2, 2)]));
      writer.commit();
      const next = new Writer(killed(file, `killed-${version}.db`));
      next.open();
      next.begin();
      const tried = pack([
        batchOf('old', 'toy/a', version),
        batchOf('a', 'toy/a', version + 1),
        batchOf('b', 'toy/b', version * 2 + 2),
      ]);
      expect(next.append(tried).map(unpackAnswer)).toEqual([
        { kind: 'conflict', version: version + 1 },
        { kind: 'appended', firstSequence: version * 3 + 4 },
        { kind: 'appended', firstSequence: version * 3 + 5 },
      ]);
      next.commit();
      next.close();
    }
    writer.close();
    remove();
  });

  it('finds everything after a kill, whatever of it was in the log and whatever in the tables', () => {
    const step = fc.record({ events: fc.integer({ min: 0, max: 3 }), settled: fc.boolean(), tidied: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        (groups) => {
          const { file, remove } = place();
          const writer = new Writer(file);
          writer.open();
          let [version, number] = [0, 0];
          const known: string[] = [];
          for (const group of groups) {
            const batches = group.map(({ events, settled }) => {
              number += 1;
              const settles = settled && known.length > 0 ? [known[number % known.length] as string] : [];
              const batch = batchOf(`c${number}`, 'toy/a', version, events, { settles });
              version += events;
              known.push(...batch.events.map((event) => event.id));
              return batch;
            });
            writer.begin();
            writer.append(pack(batches));
            writer.commit();
            if (group[0]?.tidied) writer.tidy(false);
          }
          const found = (from: Writer) => ({
            texts: from.payloads(known.map((id) => `pl_${id}`)),
            receipts: Array.from({ length: number + 1 }, (_, index) => from.receipt(`c${index}`)),
            events: from.read(0, 1_000),
            orders: from.openOrders(),
            broken: from.verify(),
          });
          const next = new Writer(killed(file, 'killed.db'));
          expect(next.open().lastSequence).toBe(version);
          const living = found(writer);
          expect(found(next)).toEqual(living);
          expect([living.broken, living.texts.length]).toEqual([null, known.length]);
          next.close();
          writer.close();
          remove();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('notices what was changed in the log before it was sorted', () => {
    const { file, remove } = place();
    const writer = new Writer(file);
    writer.open();
    for (let version = 0; version < 4; version += 2) {
      writer.begin();
      writer.append(pack([batchOf(`c${version}`, 'toy/a', version, 2)]));
      writer.commit();
    }
    const left = killed(file, 'killed.db');
    const intruder = new Database(left);
    intruder.exec("UPDATE log SET batches = replace(batches, 'noted', 'nated') WHERE number = 1");
    intruder.close();
    const next = new Writer(left);
    next.open();
    expect(next.verify()).toBe(2);
    next.close();
    writer.close();
    remove();
  });

  it.each(['in the log', 'in its table'])('leaves nothing of a forgotten text in the files that was %s', (where) => {
    const { file, remove } = place();
    const writer = new Writer(file);
    writer.open();
    const inFiles = (text: string) => ['', '-wal'].some((suffix) => readFileSync(`${file}${suffix}`).includes(text));
    writer.begin();
    const texts = ['short and secret', `long and secret ${'so '.repeat(5_000)}`, 'to be kept'];
    const payloads = texts.map((text, index) => ({ id: `pl_${index}`, hash: 'h', text }));
    writer.append(pack([batchOf('one', 'toy/a', 0, 1, { payloads })]));
    writer.commit();
    if (where === 'in its table') while (writer.tidy(false));
    expect(inFiles('and secret')).toBe(true);
    writer.forget(['pl_0', 'pl_1']);
    expect([inFiles('and secret'), inFiles('so so so'), inFiles('to be kept')]).toEqual([false, false, true]);
    expect(writer.payloads(['pl_0', 'pl_1', 'pl_2'])).toEqual([['pl_2', 'to be kept']]);
    writer.close();
    remove();
  });
});
