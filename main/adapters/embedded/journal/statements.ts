import type Database from 'better-sqlite3';
import type { StoredEvent, StreamSnapshot } from '#main/ports/journal/port.ts';

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

/** What an event is made of, in the order in which {@link eventsOf} expects it. `data` is JSON already. */
const COLUMNS = ['sequence', 'id', 'stream', 'version', 'type', 'at', 'epoch', 'command', 'data'] as const;
const TEXTS: ReadonlySet<string> = new Set(['id', 'stream', 'type', 'command']);

/** An open order beside the event that ordered it. */
export interface OrderRow extends Omit<EventRow, 'hash'> {
  order_id: string;
  kind: string;
  order_epoch: number;
  due_at: number | null;
}

/**
 * A row as a list in JSON, in the order of {@link COLUMNS}: built by SQLite it costs half of what an object of JavaScript
 * for each row does, and no data is parsed.
 */
function asList(): string {
  const values = COLUMNS.map((column) => (TEXTS.has(column) ? `json_quote(${column})` : column));
  return `'[' || ${values.join(" || ',' || ")} || ']'`;
}

type Listed = [number, string, string, number, string, number, number, string, unknown];

/** Reads a JSON list of rows as {@link prepareStatements}' `read` gives them. */
export function eventsOf(text: string): StoredEvent[] {
  return (JSON.parse(text) as Listed[]).map(
    ([sequence, id, stream, version, type, at, epoch, command, data]): StoredEvent => ({
      sequence,
      id,
      stream,
      version,
      type,
      at,
      epoch,
      command,
      data,
    }),
  );
}

/** Every statement of the writer, prepared once. */
export function prepareStatements(database: Database.Database) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    readPayload: database.prepare<[string], string | null>('SELECT text FROM payloads WHERE id = ?').pluck(),
    forget: database.prepare('UPDATE payloads SET text = NULL WHERE id = ?'),
    orders: database.prepare<[], OrderRow>(
      `SELECT o.id AS order_id, o.kind, o.due_at, o.epoch AS order_epoch, ${COLUMNS.map((column) => `e.${column}`).join(', ')} FROM orders o JOIN events e ON e.sequence = o.sequence ORDER BY o.sequence`,
    ),
    receipt: database.prepare<[string], { stream: string; first_sequence: number; last_sequence: number }>(
      'SELECT stream, first_sequence, last_sequence FROM receipts WHERE command = ?',
    ),
    read: database
      .prepare<[number, number], string>(`SELECT ${asList()} FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?`)
      .pluck(),
    all: database.prepare<[], EventRow>('SELECT * FROM events ORDER BY sequence'),
    snapshots: database.prepare<[], StreamSnapshot>('SELECT stream, version, shape, state FROM snapshots'),
    saveSnapshot: database.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)'),
  };
}
