import { hash } from 'node:crypto';
import type { EventRow } from './statements.ts';

/** What the first link follows. */
export const GENESIS = Buffer.alloc(32);

/** Bytes that one UTF-16 unit may take. */
const WIDEST = 3;
/** Memory that is used again; longer events get their own. */
const usual = Buffer.alloc(GENESIS.length + 4_096 * WIDEST);

/** Link of the hash chain: sha256 over the previous hash and every column of the event. */
export function chain(previous: Buffer, row: Omit<EventRow, 'hash'>): Buffer {
  const columns = `${row.sequence}\n${row.id}\n${row.stream}\n${row.version}\n${row.type}\n${row.at}\n${row.epoch}\n${row.command}\n${row.data}`;
  const room = GENESIS.length + columns.length * WIDEST;
  const memory = room <= usual.length ? usual : Buffer.alloc(room);
  previous.copy(memory);
  const length = GENESIS.length + memory.write(columns, GENESIS.length);
  // By way of a text of one byte a character: asking for a buffer costs as much again.
  return Buffer.from(hash('sha256', memory.subarray(0, length), 'binary'), 'latin1');
}
