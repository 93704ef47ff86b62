import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { PRAGMAS, SCHEMA } from '#main/adapters/embedded/journal/schema.ts';
import { createEngine, type Engine, type StreamHandle } from '#main/engine/engine.ts';
import { systemClock } from '#main/platform/clock.ts';
import { systemIds } from '#main/platform/ids.ts';
import type { Table } from './table.ts';
import { toyArea } from './toy-area.ts';

const SECONDS = 3;
const BODY = 'x'.repeat(400);

type Toys = StreamHandle<{ count: number }, { type: 'note'; text: string } | { type: 'nothing' }>;

/** Runs `work` in a temporary folder. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aios-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An engine on a fresh journal, with one toy area. */
export async function openToyEngine(folder: string): Promise<{ engine: Engine; toys: Toys }> {
  const clock = systemClock();
  const engine = createEngine({
    journal: createSqliteJournal(join(folder, 'journal.db')),
    clock,
    newId: systemIds(clock.now),
    report: (problem) => {
      throw new Error(JSON.stringify(problem));
    },
  });
  const toys = engine.register(toyArea);
  engine.perform('toy.effect', async () => null);
  await engine.open();
  await engine.resume();
  return { engine, toys };
}

interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function figures(latencies: number[], elapsedMs: number): Figures {
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond: (latencies.length / elapsedMs) * 1_000, p50: at(0.5), p99: at(0.99) };
}

async function ours(toys: Toys, clients: number): Promise<Figures> {
  const latencies: number[] = [];
  const start = performance.now();
  const until = start + SECONDS * 1_000;
  const client = async (index: number) => {
    while (performance.now() < until) {
      const before = performance.now();
      const result = await toys.execute(`toy${index}`, { type: 'note', text: BODY });
      if (!result.ok) throw new Error(result.error.what);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return figures(latencies, performance.now() - start);
}

/** The same rows, hash included, in one FULL transaction each, written synchronously on this thread. */
function raw(folder: string): Figures {
  const database = new Database(join(folder, 'raw.db'));
  for (const pragma of PRAGMAS) database.pragma(pragma);
  database.exec(SCHEMA);
  const event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const payload = database.prepare('INSERT INTO payloads VALUES (?, ?, ?)');
  const receipt = database.prepare('INSERT INTO receipts VALUES (?, ?, ?, ?)');
  const order = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)');
  const newId = systemIds(() => Date.now());
  let sequence = 0;
  const one = database.transaction(() => {
    sequence += 1;
    const [id, command, ref] = [newId('evt'), newId('cmd'), newId('pl')];
    const hash = createHash('sha256').update(`${sequence}${id}`).digest();
    event.run(
      sequence,
      id,
      'toy/1',
      sequence,
      'noted',
      Date.now(),
      1,
      command,
      '{"body":{"id":"x","hash":"y"},"count":1}',
      hash,
    );
    payload.run(ref, 'hash', BODY);
    receipt.run(command, 'toy/1', sequence, sequence);
    order.run(id, 'toy.effect', 'toy/1', sequence, 1, null);
  });
  const latencies: number[] = [];
  const start = performance.now();
  while (performance.now() < start + SECONDS * 1_000) {
    const before = performance.now();
    one.immediate();
    latencies.push(performance.now() - before);
  }
  const result = figures(latencies, performance.now() - start);
  database.close();
  return result;
}

const row = (name: string, found: Figures, baseline: Figures) => ({
  measure: name,
  'commands/s': Math.round(found.perSecond),
  'p50 ms': found.p50.toFixed(2),
  'p99 ms': found.p99.toFixed(2),
  'ratio to raw': (found.perSecond / baseline.perSecond).toFixed(2),
});

/** Durable commands per second (event, payload, receipt, outbox row; FULL) beside raw transactions on one thread. */
export function benchEngine(): Promise<Table> {
  return inTemporaryFolder(async (folder) => {
    const baseline = raw(folder);
    const { engine, toys } = await openToyEngine(folder);
    const one = await ours(toys, 1);
    const fifty = await ours(toys, 50);
    await engine.stop();
    return {
      name: 'engine',
      rows: [
        row('raw FULL transactions, same thread', baseline, baseline),
        row('ours, 1 client', one, baseline),
        row('ours, 50 clients', fifty, baseline),
      ],
      notes: ['good: 1 client at least 0.8 x raw; 50 clients at least 20,000/s with p99 below 10 ms'],
    };
  });
}
