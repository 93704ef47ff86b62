import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Batch } from '#main/ports/journal/port.ts';
import { pack, unpack } from './wire.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const whole = fc.maxSafeInteger();
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const batch: fc.Arbitrary<Batch> = fc.record({
  command: text,
  stream: text,
  expectedVersion: whole,
  events: some(fc.record({ id: text, type: text, at: whole, data: text })),
  payloads: some(fc.record({ id: text, hash: text, text })),
  orders: some(fc.record({ id: text, kind: text, dueAt: fc.option(whole) })),
  settles: some(text),
});

it('reads back what was packed, also several one after the other and from bytes', () => {
  fc.assert(
    fc.property(fc.array(some(batch).filter((each) => each.length > 0)), (groups) => {
      const packed = groups.map(pack).join('');
      expect(unpack(Buffer.from(packed).toString())).toEqual(groups.flat());
    }),
  );
});

it('keeps its lengths where a text is not well formed', () => {
  const broken = { command: 'a\ud800', stream: 'b', expectedVersion: 0, events: [], payloads: [], orders: [] };
  const packed = pack([{ ...broken, settles: ['c\udc00d', 'e'] }]);
  expect(unpack(Buffer.from(packed).toString())).toMatchObject([{ command: 'a\ufffd', settles: ['c\ufffdd', 'e'] }]);
});

it.each([null, undefined, 7, {}])('refuses %s as a text, and what is no whole number', (value) => {
  const good: Batch = {
    command: 'c',
    stream: 's',
    expectedVersion: 0,
    events: [],
    payloads: [],
    orders: [],
    settles: [],
  };
  expect(() => unpack(pack([{ ...good, command: value as string }]))).toThrow('no text');
  expect(() => unpack(pack([{ ...good, expectedVersion: 0.5 }]))).toThrow('whole number');
});
