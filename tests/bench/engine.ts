import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { PRAGMAS, SCHEMA } from '#main/adapters/embedded/journal/schema.ts';
import { createEngine, type Engine, type StreamHandle } from '#main/engine/engine.ts';
import { systemClock } from '#main/platform/clock.ts';
import { systemIds } from '#main/platform/ids.ts';
import type { Journal } from '#main/ports/journal/port.ts';
import type { Table } from './table.ts';
import { toyArea } from './toy-area.ts';

const ROUND_MS = 600;
/** Odd, so that the median is a round that was run. */
const ROUNDS = 11;
/** Rounds before those that count: code is compiled, and the log has the size it keeps. */
const UNCOUNTED = 3;
/** Transactions until the log of raw has been moved into its database and is written over. */
const WARM_UP = 4_500;
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
export async function openToyEngine(folder: string): Promise<{ engine: Engine; toys: Toys; journal: Journal }> {
  const clock = systemClock();
  const journal = createSqliteJournal(join(folder, 'journal.db'));
  const engine = createEngine({
    journal,
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
  return { engine, toys, journal };
}

interface Figures {
  readonly commands: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of all threads, microseconds a command: what stays comparable when the machine is short of cores. */
  readonly processor: number;
}

function figures(latencies: number[], elapsedMs: number, used: NodeJS.CpuUsage): Figures {
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  const processor = (used.user + used.system) / latencies.length;
  const commands = latencies.length;
  return { commands, perSecond: (commands / elapsedMs) * 1_000, p50: at(0.5), p99: at(0.99), processor };
}

async function ours(toys: Toys, clients: number): Promise<Figures> {
  const latencies: number[] = [];
  const usage = process.cpuUsage();
  const start = performance.now();
  const until = start + ROUND_MS;
  const client = async (index: number) => {
    while (performance.now() < until) {
      const before = performance.now();
      const result = await toys.execute(`toy${index}`, { type: 'note', text: BODY });
      if (!result.ok) throw new Error(result.error.what);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  return figures(latencies, performance.now() - start, process.cpuUsage(usage));
}

/** Not timed: a hundred thousand open orders are no round's own, and every round would bear those of all before it. */
async function settleAll(engine: Engine, toys: Toys): Promise<void> {
  const settles = engine.orders.open().map((order) => order.id);
  const result = await toys.execute('toy0', { type: 'nothing' }, { settles });
  if (!result.ok) throw new Error(result.error.what);
}

/**
 * What a commit leaves to be put in order while nothing is asked: not part of a round, and over before the next one, which
 * would share the machine with it. Returns how long it took, microseconds a command.
 */
async function putInOrder(journal: Journal, commands: number): Promise<number> {
  const start = performance.now();
  // Reading needs the tables complete.
  await journal.read(Number.MAX_SAFE_INTEGER, 1);
  return ((performance.now() - start) * 1_000) / commands;
}

interface RawTransactions {
  /** Until the write-ahead log has the size it keeps: a flush of a growing file costs more. */
  warmUp(): void;
  round(): Figures;
  close(): void;
}

/** The same rows with the same pragmas, chained hash included, in one FULL transaction each, synchronously on this thread. */
function openRaw(folder: string): RawTransactions {
  const database = new Database(join(folder, 'raw.db'));
  for (const pragma of PRAGMAS) database.pragma(pragma);
  database.exec(SCHEMA);
  const event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const payload = database.prepare('INSERT INTO payloads VALUES (?, ?, ?)');
  const receipt = database.prepare('INSERT INTO receipts VALUES (?, ?, ?, ?)');
  const order = database.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)');
  const newId = systemIds(() => Date.now());
  let sequence = 0;
  let previous: Buffer = Buffer.alloc(32);
  const one = database.transaction(() => {
    sequence += 1;
    const [id, command, ref] = [newId('evt'), newId('cmd'), newId('pl')];
    const at = Date.now();
    const data = `{"body":{"id":"${ref}","hash":"aaaaaaaaaaaaaaaaaaaaaa"},"count":${sequence}}`;
    const row = `${sequence}\n${id}\ntoy/toy0\n${sequence}\nnoted\n${at}\n1\n${command}\n${data}`;
    previous = hash('sha256', Buffer.concat([previous, Buffer.from(row)]), 'buffer');
    event.run(sequence, id, 'toy/toy0', sequence, 'noted', at, 1, command, data, previous);
    payload.run(ref, 'aaaaaaaaaaaaaaaaaaaaaa', BODY);
    receipt.run(command, 'toy/toy0', sequence, sequence);
    order.run(id, 'toy.effect', 'toy/toy0', sequence, 1, at + 3_600_000);
  });
  return {
    warmUp() {
      for (let count = 0; count < WARM_UP; count += 1) one.immediate();
    },
    round() {
      const latencies: number[] = [];
      const usage = process.cpuUsage();
      const start = performance.now();
      while (performance.now() < start + ROUND_MS) {
        const before = performance.now();
        one.immediate();
        latencies.push(performance.now() - before);
      }
      const found = figures(latencies, performance.now() - start, process.cpuUsage(usage));
      database.exec('DELETE FROM orders');
      // As our writer does when nothing is asked of it: both start a round with an empty log.
      database.pragma('wal_checkpoint(PASSIVE)');
      return found;
    },
    close: () => database.close(),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Medians over the rounds; the ratio is the median of each round over the raw round beside it. */
function row(measure: string, found: readonly Figures[], raw: readonly Figures[]) {
  const rates = found.map((each) => each.perSecond);
  const ratios = rates.map((rate, index) => rate / (raw[index]?.perSecond ?? Number.NaN));
  return {
    measure,
    'commands/s': Math.round(median(rates)),
    'lowest to highest': `${Math.round(Math.min(...rates))} to ${Math.round(Math.max(...rates))}`,
    'p50 ms': median(found.map((each) => each.p50)).toFixed(2),
    'p99 ms': median(found.map((each) => each.p99)).toFixed(2),
    'processor us': Math.round(median(found.map((each) => each.processor))),
    'ratio to raw': median(ratios).toFixed(2),
  };
}

/**
 * Durable commands per second (event, payload, receipt, outbox row; FULL) beside raw transactions on one thread. A flush
 * costs another amount every second on a shared disk, so the three take short turns and each is compared with its
 * neighbour.
 */
export function benchEngine(): Promise<Table> {
  return inTemporaryFolder(async (folder) => {
    const raw = openRaw(folder);
    const { engine, toys, journal } = await openToyEngine(folder);
    const [raws, ones, fifties]: Figures[][] = [[], [], []];
    const later: number[] = [];
    raw.warmUp();
    for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
      const turns = [raw.round(), await ours(toys, 1), await ours(toys, 50)] as const;
      await settleAll(engine, toys);
      const order = await putInOrder(journal, turns[1].commands + turns[2].commands);
      if (round < 0) continue;
      later.push(order);
      raws?.push(turns[0]);
      ones?.push(turns[1]);
      fifties?.push(turns[2]);
    }
    await engine.stop();
    raw.close();
    return {
      name: 'engine',
      rows: [
        row('raw FULL transactions, same thread', raws ?? [], raws ?? []),
        row('ours, 1 client', ones ?? [], raws ?? []),
        row('ours, 50 clients', fifties ?? [], raws ?? []),
      ],
      notes: [
        `medians of ${ROUNDS} rounds of ${ROUND_MS} ms, raw, 1 and 50 clients in turn; a ratio is the median of the ratios of neighbours`,
        'what the rounds ordered is settled after each turn of three, untimed: effects are, in a running system',
        `then the writer puts them into its tables, while nothing is asked of it: ${Math.round(median(later))} us a command, untimed`,
        'good: 1 client at least 0.8 x raw; 50 clients at least 20,000/s with p99 below 10 ms',
      ],
    };
  });
}
