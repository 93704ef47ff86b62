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

/** Every two digits: a text put together from single ones costs several times as much. */
const PAIRS = Array.from({ length: 32 * 32 }, (_, value) => base32(value, 2));

/** Two random digits at a time. Random numbers by the thousand: asking the system for a few costs more than all else about an id. */
function randomPairs(): () => string {
  const pool = new Uint16Array(2_048);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const value = pool[used] ?? 0;
    used += 1;
    return PAIRS[value % PAIRS.length] ?? '';
  };
}

/** Ids of 9 time digits (milliseconds, base 32) and 10 random digits: unique without coordination. */
export function systemIds(now: () => number): NewId {
  const pair = randomPairs();
  let time = { at: Number.NaN, digits: '' };
  return (prefix) => {
    const at = now();
    // Many are made in a millisecond.
    if (at !== time.at) time = { at, digits: base32(at, 9) };
    return `${prefix}_${time.digits}${pair()}${pair()}${pair()}${pair()}${pair()}`;
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
