import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { takeTogether } from './bisect.ts';

/** Fails for a bad item, and for a pair that is good apart and bad together. */
const world = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    bad: fc.uniqueArray(fc.nat(count - 1), { maxLength: count }),
    pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 4 }),
  }),
);

describe('takeTogether', () => {
  it('takes all that goes together, finds exactly those that fail on top of it, and asks seldom', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ count, bad, pairs }) => {
        const wrong = new Set(bad);
        const fails = (set: readonly number[]) =>
          set.some((item) => wrong.has(item)) || pairs.some(([a, b]) => a !== b && set.includes(a) && set.includes(b));
        const items = Array.from({ length: count }, (_, index) => index);
        let tries = 0;
        let good: readonly number[] = [];
        const settled = await takeTogether(items, async (group) => {
          tries += 1;
          const together = [...good, ...group];
          if (fails(together)) return ok('failed');
          good = together;
          return ok(null);
        });
        if (!settled.ok) throw new Error(settled.error.what);
        const { taken, culprits } = settled.value;
        expect(taken).toEqual(good);
        expect(fails(taken)).toBe(false);
        expect([...taken].sort((a, b) => a - b)).toEqual(taken);
        expect([...taken, ...culprits.map((each) => each.item)].sort((a, b) => a - b)).toEqual(items);
        for (const { item } of culprits) expect(fails([...taken.filter((each) => each < item), item])).toBe(true);
        const bound = 1 + 2 * culprits.length * Math.ceil(Math.log2(count));
        expect(tries).toBeLessThanOrEqual(Math.min(bound, 2 * count - 1));
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks once when all goes together, and ends at the first fault', async () => {
    const asked: number[][] = [];
    await takeTogether([1, 2, 3, 4], async (group) => {
      asked.push([...group]);
      return ok(null);
    });
    expect(asked).toEqual([[1, 2, 3, 4]]);
    const fault = faultOf('git-failed', 'w', 'w', 'n');
    expect(await takeTogether([1, 2], async () => err(fault))).toEqual(err(fault));
  });
});
