import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal } from './seal.ts';

describe('seal', () => {
  it('is the HMAC of the standard library, for any key and text', () => {
    const key = fc.uint8Array({ minLength: 0, maxLength: 64 });
    fc.assert(
      fc.property(key, fc.string({ unit: 'binary', maxLength: 300 }), (bytes, text) => {
        const expected = createHmac('sha256', bytes).update(text).digest().subarray(0, 16).toString('base64url');
        expect(createSeal(Buffer.from(bytes).toString('base64'))(text)).toBe(expected);
      }),
    );
  });
});
