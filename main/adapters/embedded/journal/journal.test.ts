import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allEvents, batchOf, journalConformance } from '#main/ports/journal/conformance.ts';
import { createSqliteJournal } from './index.ts';
import { pack } from './wire.ts';
import { Writer } from './writer.ts';

const run = promisify(execFile);

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'aios-journal-'));
  return { folder, file: join(folder, 'journal.db'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

journalConformance('sqlite', () => {
  const { file, remove } = place();
  return { journal: () => createSqliteJournal(file), close: async () => remove() };
});

/** Puts something else into the database, as a failing disk or an intruder would. */
function tamper(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

describe('the sqlite journal', () => {
  const COLUMNS: ReadonlyArray<readonly [string, string]> = [
    ['id', "'evt_other'"],
    ['stream', "'toy/other'"],
    ['version', 'version + 1'],
    ['type', "'other'"],
    ['at', 'at + 1'],
    ['epoch', 'epoch + 1'],
    ['command', "'other'"],
    ['data', `replace(data, '0', '9')`],
    ['hash', 'zeroblob(32)'],
  ];
  it.each(COLUMNS)('notices a changed %s', async (column, value) => {
    const { file, remove } = place();
    const journal = createSqliteJournal(file);
    await journal.open();
    for (let index = 0; index < 5; index += 1)
      await journal.append(batchOf(`c${index}`, 'toy/a', index), () => undefined);
    expect(await journal.verify()).toBeNull();
    await journal.close();
    tamper(file, `UPDATE events SET ${column} = ${value} WHERE sequence = 3`);
    await journal.open();
    expect(await journal.verify()).toBe(3);
    await journal.close();
    remove();
  });

  it('notices any flipped byte of the stored events, and a removed one', () => {
    const { file, remove } = place();
    const writer = new Writer(file);
    writer.open();
    writer.begin();
    writer.append(pack([batchOf('one', 'toy/a', 0, 3)]));
    writer.commit();
    writer.close();
    const database = new Database(file);
    const data = String(database.prepare('SELECT data FROM events WHERE sequence = 2').pluck().get());
    database.close();
    for (let at = 0; at < data.length; at += 1) {
      const flipped = data.slice(0, at) + String.fromCharCode(data.charCodeAt(at) ^ 1) + data.slice(at + 1);
      const other = new Database(file);
      other.prepare('UPDATE events SET data = ? WHERE sequence = 2').run(flipped);
      other.close();
      const again = new Writer(file);
      expect(again.verify()).toBe(2);
      again.close();
    }
    tamper(file, `UPDATE events SET data = '${data}' WHERE sequence = 2`);
    tamper(file, 'DELETE FROM events WHERE sequence = 1');
    const last = new Writer(file);
    expect(last.verify()).toBe(1);
    last.close();
    remove();
  });

  it('is fail-stop: after a failed write nothing is acknowledged until it is opened anew, and nothing acknowledged is lost', async () => {
    const { file, remove } = place();
    const journal = createSqliteJournal(file);
    await journal.open();
    await journal.append(batchOf('one', 'toy/a', 0), () => undefined);
    // An event id that is no text: the strict table refuses the write in the middle of the transaction.
    const bad = batchOf('bad', 'toy/b', 0);
    const broken = { ...bad, events: bad.events.map((event) => ({ ...event, data: null as unknown as string })) };
    await expect(journal.append(broken, () => undefined)).rejects.toThrow();
    await expect(journal.append(batchOf('new', 'toy/c', 0), () => undefined)).rejects.toThrow();
    // What waits behind a failed write is answered all the same.
    const [failed, receipt] = await Promise.allSettled([
      journal.append(broken, () => undefined),
      journal.receipt('one'),
    ]);
    expect([failed.status, receipt.status]).toEqual(['rejected', 'fulfilled']);
    await journal.close();
    await journal.open();
    expect((await allEvents(journal)).map((event) => event.command)).toEqual(['one']);
    await journal.append(batchOf('two', 'toy/a', 1), () => undefined);
    expect(await journal.verify()).toBeNull();
    await journal.close();
    remove();
  });

  it('refuses a file that a newer AIOS wrote, without a byte written', async () => {
    const { file, remove } = place();
    tamper(file, 'PRAGMA user_version = 99');
    await expect(createSqliteJournal(file).open()).rejects.toThrow('newer AIOS');
    const database = new Database(file, { readonly: true });
    expect(database.prepare('SELECT count(*) FROM sqlite_master').pluck().get()).toBe(0);
    database.close();
    remove();
  });

  it('takes over a file of version 1 with all that is in it', async () => {
    const { file, remove } = place();
    const journal = createSqliteJournal(file);
    await journal.open();
    for (let version = 0; version < 3; version += 1)
      await journal.append(batchOf(`c${version}`, 'toy/a', version), () => undefined);
    const before = await allEvents(journal);
    await journal.close();
    // Version 1 had no mark: its table of streams was written with every commit, as a clean close leaves it.
    tamper(file, "DELETE FROM meta WHERE key = 'versions-at'; DROP TABLE log; PRAGMA user_version = 1");
    for (const version of [3, 4]) {
      await journal.open();
      expect(await journal.append(batchOf(`c${version}`, 'toy/a', version), () => undefined)).toEqual({
        kind: 'appended',
        firstSequence: version + 1,
      });
      expect((await allEvents(journal)).slice(0, 3)).toEqual(before);
      expect(await journal.verify()).toBeNull();
      expect(await journal.receipt('c1')).toMatchObject({ firstSequence: 2 });
      await journal.close();
    }
    remove();
  });

  it('answers each append with its own fate, in order, however stored, repeated and refused ones are mixed', async () => {
    const asked = fc.record({
      stream: fc.constantFrom('toy/a', 'toy/b'),
      stale: fc.boolean(),
      events: fc.integer({ min: 0, max: 3 }),
      again: fc.boolean(),
      fresh: fc.boolean(),
      pause: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 80, size: 'max' }), async (all) => {
        const { file, remove } = place();
        const journal = createSqliteJournal(file);
        await journal.open();
        const versions = new Map<string, number>();
        const committed: number[] = [];
        const pairs: Array<[Promise<unknown>, object]> = [];
        let last = 0;
        let first: { command: string; sequence: number } | undefined;
        for (const [index, each] of all.entries()) {
          const version = versions.get(each.stream) ?? 0;
          const { fresh } = each;
          if (each.again && first) {
            const answer = journal.append(batchOf(first.command, each.stream, version, 1), () => undefined);
            pairs.push([answer, { kind: 'duplicate', receipt: { firstSequence: first.sequence } }]);
          } else if (each.stale && each.events > 0) {
            const answer = journal.append(
              batchOf(`c${index}`, each.stream, version + 7, each.events, { fresh }),
              () => undefined,
            );
            pairs.push([answer, { kind: 'conflict', version }]);
          } else {
            const answer = journal.append(
              batchOf(`c${index}`, each.stream, version, each.events, { fresh }),
              (sequence) => committed.push(sequence),
            );
            pairs.push([answer, { kind: 'appended', firstSequence: last + 1 }]);
            if (each.events > 0) first ??= { command: `c${index}`, sequence: last + 1 };
            last += each.events;
            versions.set(each.stream, version + each.events);
          }
          if (each.pause) await pairs.at(-1)?.[0];
        }
        const answers = await Promise.all(pairs.map(([answer]) => answer));
        expect(answers).toMatchObject(pairs.map(([, expected]) => expected));
        expect(committed).toEqual(committed.toSorted((a, b) => a - b));
        await journal.close();
        remove();
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  const strace = (() => {
    try {
      execFileSync('strace', ['-V'], { stdio: 'ignore' });
      execFileSync('strace', ['-f', '-e', 'trace=none', 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  it.skipIf(!strace)('flushes to disk at least once a commit', async () => {
    const { folder, file, remove } = place();
    const script = `
      import { pack } from ${JSON.stringify(new URL('./wire.ts', import.meta.url).href)};
      import { Writer } from ${JSON.stringify(new URL('./writer.ts', import.meta.url).href)};
      const writer = new Writer(process.argv[1]);
      writer.open();
      for (let i = 0; i < 50; i += 1) { writer.begin(); writer.append(pack([{ command: 'c' + i, stream: 'toy/a', expectedVersion: i, payloads: [], orders: [], settles: [],
        events: [{ id: 'e' + i, type: 'noted', at: 1, data: '{}' }] }])); writer.commit(); }
      writer.close();`;
    const output = join(folder, 'trace');
    await run(
      'strace',
      [
        '-f',
        '-qq',
        '-e',
        'trace=fsync,fdatasync',
        '-o',
        output,
        process.execPath,
        '--input-type=module',
        '-e',
        script,
        file,
      ],
      {
        cwd: process.cwd(),
      },
    );
    const flushes = readFileSync(output, 'utf8')
      .split('\n')
      .filter((line) => /f(data)?sync\(/.test(line)).length;
    expect(flushes).toBeGreaterThanOrEqual(50);
    remove();
  });
});
