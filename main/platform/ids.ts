import { randomFillSync } from 'node:crypto';

/** Makes a new id with a prefix, for example `goal_01J…`; sortable by time of creation. */
export type NewId = (prefix: string) => string;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function base32(value: number, digits: number): string {
  let rest = value;
  let text = '';
  for (let index = 0; index < digits; index += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Random bytes by the thousand: asking the system for ten at a time costs more than everything else about an id. */
function randomPool(): () => number {
  const pool = new Uint8Array(4_096);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used] ?? 0;
    used += 1;
    return byte;
  };
}

/** Ids of 9 time digits (milliseconds, base 32) and 10 random digits: unique without coordination. */
export function systemIds(now: () => number): NewId {
  const random = randomPool();
  return (prefix) => {
    let tail = '';
    for (let digit = 0; digit < 10; digit += 1) tail += ALPHABET.charAt(random() % 32);
    return `${prefix}_${base32(now(), 9)}${tail}`;
  };
}

/** Ids that count up, for tests and replays: `goal_1`, `goal_2`. */
export function countingIds(): NewId {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}_${count}`;
  };
}
