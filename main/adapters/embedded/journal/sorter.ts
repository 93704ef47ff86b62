import type Database from 'better-sqlite3';
import type { Batch } from '#main/ports/journal/port.ts';
import { chain, GENESIS } from './chain.ts';
import type { CommitLog, LogRow } from './log.ts';
import { Rows } from './rows.ts';
import { unpack } from './wire.ts';

/** What is inserted while rows of the log are sorted, each table for itself: many rows to a statement. */
interface Tables {
  readonly events: Rows;
  readonly payloads: Rows;
  readonly receipts: Rows;
  readonly orders: Rows;
}

/** Moves what the log holds into the tables. */
export class Sorter {
  private readonly log: CommitLog;
  private readonly tables: Tables;
  private readonly settle: Database.Statement<[string]>;
  private readonly last: Database.Statement<[], Buffer>;

  constructor(database: Database.Database, log: CommitLog) {
    this.log = log;
    this.tables = {
      events: new Rows(database, 'INSERT INTO events VALUES', 10),
      payloads: new Rows(database, 'INSERT OR IGNORE INTO payloads VALUES', 3),
      receipts: new Rows(database, 'INSERT OR IGNORE INTO receipts VALUES', 4),
      orders: new Rows(database, 'INSERT OR IGNORE INTO orders VALUES', 6),
    };
    this.settle = database.prepare('DELETE FROM orders WHERE id = ?');
    this.last = database.prepare<[], Buffer>('SELECT hash FROM events ORDER BY sequence DESC LIMIT 1').pluck();
  }

  /**
   * Sorts the oldest rows, in the open transaction, until they held `most` commands or more. Returns how many commands
   * that were: 0 when nothing is left.
   */
  sort(most: number): number {
    const open = new Map<string, readonly unknown[]>();
    const sorted: Batch[] = [];
    let previous = this.last.get() ?? GENESIS;
    let number = 0;
    while (sorted.length < most) {
      const row = this.log.after(number);
      if (!row) break;
      const batches = unpack(row.batches);
      previous = this.sortEvents(row, batches, previous);
      this.sortRest(row, batches, open);
      sorted.push(...batches);
      number = row.number;
    }
    // An order that was settled meanwhile never gets a row.
    for (const order of open.values()) this.tables.orders.push(...order);
    for (const rows of Object.values(this.tables)) rows.flush();
    if (number > 0) this.log.drop(number, sorted);
    return sorted.length;
  }

  /**
   * The last event of a row gets the link that was stored with the row. If the row was changed since, it does not fit,
   * and whoever verifies the chain sees where.
   */
  private sortEvents(row: LogRow, batches: readonly Batch[], previous: Buffer): Buffer {
    let sequence = row.first - 1;
    let hash = previous;
    const final = row.first + batches.reduce((count, batch) => count + batch.events.length, 0) - 1;
    for (const { stream, expectedVersion, command, events } of batches) {
      for (const [index, { id, type, at, data }] of events.entries()) {
        sequence += 1;
        const version = expectedVersion + index + 1;
        const link = { sequence, id, stream, version, type, at, epoch: row.epoch, command, data };
        hash = sequence === final ? row.head : chain(hash, link);
        this.tables.events.push(sequence, id, stream, version, type, at, row.epoch, command, data, hash);
      }
    }
    return hash;
  }

  private sortRest(row: LogRow, batches: readonly Batch[], open: Map<string, readonly unknown[]>): void {
    let first = row.first;
    for (const batch of batches) {
      const { command, stream, events } = batch;
      this.tables.receipts.push(command, stream, first, first + events.length - 1);
      for (const payload of batch.payloads) this.tables.payloads.push(payload.id, payload.hash, payload.text);
      for (const { id, kind, dueAt } of batch.orders) {
        const sequence = first + events.findIndex((event) => event.id === id);
        open.set(id, [id, kind, stream, sequence, row.epoch, dueAt]);
      }
      for (const id of batch.settles) if (!open.delete(id)) this.settle.run(id);
      first += events.length;
    }
  }
}
