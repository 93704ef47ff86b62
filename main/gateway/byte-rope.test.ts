import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonSuffix, createRopeReader, piecesOf, ropeOf } from './byte-rope.ts';

const bytes = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 300 }).map((text) => Buffer.from(text));
const rope = fc.array(bytes, { maxLength: 5 }).map(ropeOf);

function whole(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString();
}

function alike(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return same;
}

describe('a rope', () => {
  it('is read like one buffer', () => {
    fc.assert(
      fc.property(rope, fc.nat(900), fc.nat(900), (made, from, to) => {
        const joined = whole(made.pieces);
        expect(made.length).toBe(joined.length);
        expect(made.subarray(from, to).toString()).toBe(joined.slice(from, to));
        expect(whole(piecesOf(made, from, to))).toBe(joined.slice(from, to));
      }),
    );
  });

  it('ends alike as far as its bytes do', () => {
    fc.assert(
      fc.property(rope, rope, (a, b) => {
        const [left, right] = [whole(a.pieces), whole(b.pieces)];
        const reversed = (text: string) => [...text].reverse().join('');
        const most = Math.min(left.length, right.length);
        expect(commonSuffix(a, b, most)).toBe(alike(reversed(left), reversed(right)));
      }),
    );
  });
});

describe('a body that is compared as it arrives', () => {
  it('is what arrived, and says how much of it begins the earlier one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 });
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 100 });
    fc.assert(
      fc.property(rope, fc.nat(900), text, cuts, fc.nat(110), (earlier, shared, added, sizes, percent) => {
        const before = whole(earlier.pieces);
        const now = before.slice(0, shared) + added;
        // Whoever declares a length may be wrong.
        const reader = createRopeReader(earlier, Math.floor((now.length * percent) / 100));
        let at = 0;
        for (const size of [...sizes, now.length]) {
          reader.push(Buffer.from(now.slice(at, at + size)));
          at += size;
        }
        const { bytes: read, same } = reader.result();
        expect(whole(read.pieces)).toBe(now);
        expect(same).toBe(alike(before, now));
      }),
    );
  });

  it.each([0, 1, 65_535, 65_536, 65_537, 100_000, 199_999])('knows that large ones differ at byte %i', (at) => {
    const now = Buffer.alloc(200_000, 'x');
    const reader = createRopeReader(Buffer.from(now));
    now[at] = 0;
    reader.push(now.subarray(0, 70_000));
    reader.push(now.subarray(70_000));
    now[at] = 1;
    const { bytes: read, same } = reader.result();
    expect(same).toBe(at);
    expect(read.subarray(at, at + 1)).toEqual(Buffer.of(0));
  });

  it('keeps its order, and one piece, where as much comes as was declared, and its order where more does', () => {
    const read = (expected: number) => {
      const reader = createRopeReader(undefined, expected);
      for (const chunk of ['abc', 'defgh', 'i']) reader.push(Buffer.from(chunk));
      return reader.result().bytes.pieces.map(String);
    };
    expect(read(9)).toEqual(['abcdefghi']);
    expect(read(5).join('')).toBe('abcdefghi');
  });

  it('holds what repeats once, over many turns', () => {
    let last = ropeOf([Buffer.alloc(100_000, 'x')]);
    const [first] = last.pieces;
    for (let turn = 0; turn < 20; turn += 1) {
      const reader = createRopeReader(last);
      for (const piece of last.pieces) reader.push(Buffer.from(piece));
      reader.push(Buffer.from(`turn ${turn}`));
      last = reader.result().bytes;
    }
    expect(last.pieces[0]?.buffer).toBe(first?.buffer);
    expect(last.length).toBe(100_000 + 10 * 6 + 10 * 7);
  });
});
