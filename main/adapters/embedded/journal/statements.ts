import type Database from 'better-sqlite3';
import type { OpenOrder, StoredEvent, StreamSnapshot } from '#main/ports/journal/port.ts';

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

/** What an event `e` is made of, each a value in JSON; `data` is one already. In the order of {@link Listed}. */
const EVENT = [
  'e.sequence',
  'json_quote(e.id)',
  'json_quote(e.stream)',
  'e.version',
  'json_quote(e.type)',
  'e.at',
  'e.epoch',
  'json_quote(e.command)',
  'e.data',
];
/** The same of an order `o`. */
const ORDER = ['json_quote(o.id)', 'json_quote(o.kind)', "coalesce(o.due_at, 'null')", 'o.epoch'];

/**
 * A row as a list in JSON. Put together by SQLite it costs half of what an object of JavaScript for each row does, and no
 * data is parsed.
 */
function asList(values: readonly string[]): string {
  return `'[' || ${values.join(" || ',' || ")} || ']'`;
}

type Listed = [number, string, string, number, string, number, number, string, unknown];
type ListedOrder = [string, string, number | null, number, ...Listed];

function eventOf([sequence, id, stream, version, type, at, epoch, command, data]: Listed): StoredEvent {
  return { sequence, id, stream, version, type, at, epoch, command, data };
}

/** Reads rows that `read` gave, as a list in JSON. */
export function eventsOf(text: string): StoredEvent[] {
  return (JSON.parse(text) as Listed[]).map(eventOf);
}

/** Reads rows that `orders` gave, as a list in JSON. */
export function ordersOf(text: string): OpenOrder[] {
  return (JSON.parse(text) as ListedOrder[]).map(([id, kind, dueAt, epoch, ...listed]) => {
    const event = eventOf(listed);
    return { id, kind, dueAt, stream: event.stream, epoch, event };
  });
}

/** Every statement of the writer, prepared once. */
export function prepareStatements(database: Database.Database) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    readPayload: database.prepare<[string], string | null>('SELECT text FROM payloads WHERE id = ?').pluck(),
    forget: database.prepare('UPDATE payloads SET text = NULL WHERE id = ?'),
    orders: database
      .prepare<[], string>(
        `SELECT ${asList([...ORDER, ...EVENT])} FROM orders o JOIN events e ON e.sequence = o.sequence ORDER BY o.sequence`,
      )
      .pluck(),
    receipt: database.prepare<[string], { stream: string; first_sequence: number; last_sequence: number }>(
      'SELECT stream, first_sequence, last_sequence FROM receipts WHERE command = ?',
    ),
    read: database
      .prepare<[number, number], string>(
        `SELECT ${asList(EVENT)} FROM events e WHERE e.sequence > ? ORDER BY e.sequence LIMIT ?`,
      )
      .pluck(),
    all: database.prepare<[], EventRow>('SELECT * FROM events ORDER BY sequence'),
    snapshots: database.prepare<[], StreamSnapshot>('SELECT stream, version, shape, state FROM snapshots'),
    saveSnapshot: database.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)'),
  };
}
