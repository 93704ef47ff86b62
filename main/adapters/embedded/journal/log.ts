import type Database from 'better-sqlite3';
import type { Batch, Receipt } from '#main/ports/journal/port.ts';
import { type Packed, unpack } from './wire.ts';

/** One transaction as it stands in the log. */
export interface LogRow {
  readonly number: number;
  readonly epoch: number;
  /** Sequence of its first event. */
  readonly first: number;
  /** {@link Packed}, one after the other. */
  readonly batches: string;
  /** Link of the hash chain after its last event. */
  readonly head: Buffer;
}

/**
 * What was committed and is in no table yet: one row a transaction, so that a commit writes one page where the tables
 * would take four or more. Knows which commands and payloads its rows hold, so that nobody has to search them.
 */
export class CommitLog {
  private readonly receipts = new Map<string, Receipt>();
  /** Which row holds a payload. */
  private readonly payloads = new Map<string, number>();
  private number: number;
  private readonly insert: Database.Statement;
  private readonly following: Database.Statement<[number], LogRow>;
  private readonly remove: Database.Statement<[number]>;

  constructor(database: Database.Database) {
    this.insert = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
    this.following = database.prepare('SELECT * FROM log WHERE number > ? ORDER BY number LIMIT 1');
    this.remove = database.prepare('DELETE FROM log WHERE number <= ?');
    this.number = Number(database.prepare('SELECT coalesce(max(number), 0) FROM log').pluck().get());
  }

  /** Commands of this start that are in no table yet. */
  held(): number {
    return this.receipts.size;
  }

  /** To be called for each command of the row that {@link add} writes next. */
  hold(receipt: Receipt, payloads: Batch['payloads']): void {
    this.receipts.set(receipt.command, receipt);
    for (const { id } of payloads) this.payloads.set(id, this.number + 1);
  }

  /** Writes a row, in the open transaction. */
  add(row: Omit<LogRow, 'number' | 'batches'>, packed: readonly Packed[]): void {
    this.number += 1;
    this.insert.run(this.number, row.epoch, row.first, packed.join(''), row.head);
  }

  /** Of a command that is in no table yet. */
  receipt(command: string): Receipt | undefined {
    return this.receipts.get(command);
  }

  /** Text of a payload that is in no table yet. */
  payload(id: string): string | undefined {
    const number = this.payloads.get(id);
    const row = number === undefined ? undefined : this.after(number - 1);
    const payloads = row === undefined ? [] : unpack(row.batches).flatMap((batch) => batch.payloads);
    return payloads.find((payload) => payload.id === id)?.text;
  }

  /** The row after this one; the oldest for 0. */
  after(number: number): LogRow | undefined {
    return this.following.get(number);
  }

  /** Deletes every row up to this one, in the open transaction, which also puts what they held into the tables. */
  drop(number: number, batches: readonly Batch[]): void {
    this.remove.run(number);
    for (const { command, payloads } of batches) {
      this.receipts.delete(command);
      for (const { id } of payloads) this.payloads.delete(id);
    }
  }
}
