import type Database from 'better-sqlite3';
import type { StreamSnapshot } from '#main/ports/journal/port.ts';

/** A row of the table of events. */
export interface EventRow {
  sequence: number;
  id: string;
  stream: string;
  version: number;
  type: string;
  at: number;
  epoch: number;
  command: string;
  data: string;
  hash: Buffer;
}

/** An event as JSON text, built without parsing its data. */
export function eventJson(row: Omit<EventRow, 'hash'>): string {
  return `{"sequence":${row.sequence},"id":${JSON.stringify(row.id)},"stream":${JSON.stringify(row.stream)},"version":${row.version},"type":${JSON.stringify(row.type)},"at":${row.at},"epoch":${row.epoch},"command":${JSON.stringify(row.command)},"data":${row.data}}`;
}

/** An open order beside the event that ordered it. */
export interface OrderRow extends Omit<EventRow, 'hash'> {
  order_id: string;
  kind: string;
  order_epoch: number;
  due_at: number | null;
}

/** Every statement of the writer, prepared once. */
export function prepareStatements(database: Database.Database) {
  const columns = 'sequence, id, stream, version, type, at, epoch, command, data';
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    readPayload: database.prepare<[string], string | null>('SELECT text FROM payloads WHERE id = ?').pluck(),
    forget: database.prepare('UPDATE payloads SET text = NULL WHERE id = ?'),
    orders: database.prepare<[], OrderRow>(
      `SELECT o.id AS order_id, o.kind, o.due_at, o.epoch AS order_epoch, ${columns
        .split(', ')
        .map((column) => `e.${column}`)
        .join(', ')} FROM orders o JOIN events e ON e.sequence = o.sequence ORDER BY o.sequence`,
    ),
    receipt: database.prepare<[string], { stream: string; first_sequence: number; last_sequence: number }>(
      'SELECT stream, first_sequence, last_sequence FROM receipts WHERE command = ?',
    ),
    read: database.prepare<[number, number], Omit<EventRow, 'hash'>>(
      `SELECT ${columns} FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?`,
    ),
    all: database.prepare<[], EventRow>('SELECT * FROM events ORDER BY sequence'),
    snapshots: database.prepare<[], StreamSnapshot>('SELECT stream, version, shape, state FROM snapshots'),
    saveSnapshot: database.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)'),
  };
}
