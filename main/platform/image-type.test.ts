import fc from 'fast-check';
import { expect, it } from 'vitest';
import { imageTypeOf } from './image-type.ts';

const file = (start: string) => new Uint8Array(Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(20)]));

it('knows pictures by their first bytes', () => {
  expect(imageTypeOf(file('\x89PNG\r\n\x1a\n'))).toBe('image/png');
  expect(imageTypeOf(file('\xff\xd8\xff\xe0'))).toBe('image/jpeg');
  expect(imageTypeOf(file('RIFF\x01\x02\x03\x04WEBP'))).toBe('image/webp');
  expect(imageTypeOf(file('GIF89a'))).toBe('image/gif');
});

it('takes nothing else for one, also not what draws by a program', () => {
  expect(imageTypeOf(file('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeNull();
  expect(imageTypeOf(file('RIFF\x01\x02\x03\x04WAVE'))).toBeNull();
  expect(imageTypeOf(new Uint8Array(Buffer.from('GIF89a')))).toBeNull();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      // A view into a larger buffer is read from its own beginning.
      const inside = new Uint8Array(Buffer.concat([Buffer.from('GIF89a'), bytes])).subarray(6);
      expect(imageTypeOf(inside)).toBe(imageTypeOf(bytes));
    }),
  );
});
