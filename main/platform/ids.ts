import { randomBytes } from 'node:crypto';

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

/** Ids of 9 time digits (milliseconds, base 32) and 10 random digits: unique without coordination. */
export function systemIds(now: () => number): NewId {
  return (prefix) => {
    const random = randomBytes(10);
    let tail = '';
    for (const byte of random) tail += ALPHABET.charAt(byte % 32);
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
