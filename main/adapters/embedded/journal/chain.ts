import { hash } from 'node:crypto';
import type { EventRow } from './statements.ts';

/** What the first link follows. */
export const GENESIS = Buffer.alloc(32);

/** Link of the hash chain: sha256 over the previous hash and every column of the event. */
export function chain(previous: Buffer, row: Omit<EventRow, 'hash'>): Buffer {
  const columns = `${row.sequence}\n${row.id}\n${row.stream}\n${row.version}\n${row.type}\n${row.at}\n${row.epoch}\n${row.command}\n${row.data}`;
  return hash('sha256', Buffer.concat([previous, Buffer.from(columns)]), 'buffer');
}
