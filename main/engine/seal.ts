import { hash } from 'node:crypto';

/** Keyed hash of a text: tells whether a payload is the one an event refers to, and nothing about a short text. */
export type Seal = (text: string) => string;

const BLOCK = 64;

/**
 * HMAC-SHA-256 (RFC 2104), its first 16 bytes in base64url. Of one-shot hashes, because the HMAC object of Node costs
 * twice as much for a text of some hundred bytes, and every command that keeps a text pays it.
 * `key` is base64 of at most 64 bytes.
 */
export function createSeal(key: string): Seal {
  const secret = Buffer.from(key, 'base64');
  if (secret.length > BLOCK) throw new Error('the payload key is too long');
  const padded = (pad: number) => Buffer.alloc(BLOCK, pad).map((byte, index) => byte ^ (secret[index] ?? 0));
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  return (text) => {
    const message = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, message]), 'buffer').toString('base64url', 0, 16);
  };
}
