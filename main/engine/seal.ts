import { hash } from 'node:crypto';

/** Keyed hash of a text: tells whether a payload is the one an event refers to, and nothing about a short text. */
export type Seal = (text: string) => string;

const BLOCK = 64;
const DIGEST = 32;
/** Bytes that one UTF-16 unit may take. */
const WIDEST = 3;
/** Longer texts get memory of their own. */
const USUAL_LENGTH = 4_096;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Digits of base64 that 16 bytes fill; of the one after them they fill two bits, which make one of four digits. */
const FULL_DIGITS = 21;
const REST_OF_DIGIT = 16;

/** The first 16 bytes of a digest in base64url, as base64url. */
function firstHalf(digest: string): string {
  const last = DIGITS.indexOf(digest.charAt(FULL_DIGITS));
  return digest.slice(0, FULL_DIGITS) + DIGITS.charAt(last - (last % REST_OF_DIGIT));
}

/**
 * HMAC-SHA-256 (RFC 2104), its first 16 bytes in base64url. Of one-shot hashes over memory that is used again, because
 * the HMAC object of Node costs several times as much for a text of some hundred bytes, and every command that keeps a
 * text pays it. `key` is base64 of at most 64 bytes.
 */
export function createSeal(key: string): Seal {
  const secret = Buffer.from(key, 'base64');
  if (secret.length > BLOCK) throw new Error('the payload key is too long');
  const padded = (pad: number, room: number) => {
    const memory = Buffer.alloc(BLOCK + room);
    for (let at = 0; at < BLOCK; at += 1) memory[at] = pad ^ (secret[at] ?? 0);
    return memory;
  };
  const inner = padded(0x36, USUAL_LENGTH * WIDEST);
  const outer = padded(0x5c, DIGEST);
  return (text) => {
    const memory = text.length <= USUAL_LENGTH ? inner : padded(0x36, Buffer.byteLength(text));
    const length = BLOCK + memory.write(text, BLOCK);
    // As a text of one byte a character: a buffer would cost as much as the hash.
    outer.write(hash('sha256', memory.subarray(0, length), 'binary'), BLOCK, 'latin1');
    return firstHalf(hash('sha256', outer, 'base64url'));
  };
}
