import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyDecoder } from './http-body.ts';
import type { Framing } from './http-head.ts';

function decoded(framing: Framing, text: string, size: number) {
  const decoder = createBodyDecoder(framing);
  const pieces: string[] = [];
  const bytes = Buffer.from(text, 'latin1');
  let taken = 0;
  for (let at = 0; at < bytes.length && !decoder.done && !decoder.wrong; at += size) {
    taken += decoder.take(bytes.subarray(at, at + size), (piece) => pieces.push(piece.toString('latin1')));
  }
  return { body: pieces.join(''), rest: text.slice(taken), done: decoder.done, wrong: decoder.wrong };
}

const CHUNKED: Framing = { kind: 'chunked' };

describe('a body', () => {
  it('ends after its length; what follows is not of it', () => {
    expect(decoded({ kind: 'length', bytes: 5 }, 'helloGET', 3)).toMatchObject({
      body: 'hello',
      rest: 'GET',
      done: true,
    });
    expect(createBodyDecoder({ kind: 'length', bytes: 0 }).done).toBe(true);
    expect(decoded({ kind: 'rest' }, 'hello', 2)).toMatchObject({ body: 'hello', done: false });
  });

  it('is put together from chunks however they arrive', () => {
    const chunk = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), (chunks, size) => {
        const text = chunks.map((each) => `${each.length.toString(16)}\r\n${each}\r\n`).join('');
        const found = decoded(CHUNKED, `${text}0\r\n\r\nGET /`, size);
        expect(found).toEqual({ body: chunks.join(''), rest: 'GET /', done: true, wrong: false });
      }),
    );
  });

  it('drops extensions and trailers', () => {
    expect(decoded(CHUNKED, 'A;x="y"\r\n0123456789\r\n0 \r\nx: y\r\nz:\r\n\r\n', 1)).toMatchObject({
      body: '0123456789',
      done: true,
    });
  });

  it.each([
    ['no size', '\r\n'],
    ['a sign', '-1\r\n'],
    ['a prefix', '0x5\r\nhello'],
    ['a size beyond counting', '123456789\r\n'],
    ['a size that ends in a line feed alone', '5\nhello\r\n0\r\n\r\n'],
    ['an extension with a line feed', '5;a\nb\r\nhello'],
    ['an extension without end', `5;${'a'.repeat(9000)}`],
    ['more bytes than the size says', '5\r\nhello!\r\n'],
    ['a carriage return alone after a chunk', '5\r\nhello\r5'],
    ['a trailer with a line feed', '0\r\nx: y\n\r\n\r\n'],
    ['trailers without end', `0\r\n${'x: y\r\n'.repeat(2000)}`],
  ])('is refused with %s', (_name, text) => {
    expect(decoded(CHUNKED, text, 1)).toMatchObject({ wrong: true, done: false });
    expect(decoded(CHUNKED, text, text.length)).toMatchObject({ wrong: true, done: false });
  });
});
