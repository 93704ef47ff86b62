import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_BYTES, bytesOf, cut, inBatches } from './batches.ts';

describe('what goes to a page together', () => {
  it('is everything, in order, and never more than a frame should carry unless one item is', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3 * BATCH_BYTES }), { maxLength: 30 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const items = lengths.map((length) => 'é'.repeat(length / 2));
        const batches = [...inBatches(items)];
        expect(batches.flat()).toEqual(items);
        for (const batch of batches) {
          const size = batch.reduce((sum, item) => sum + bytesOf(item), 0);
          expect(batch.length === 1 || (batch.length > 0 && size <= BATCH_BYTES)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('cuts a long text where it stands, and says how much is missing', () => {
    const event = { type: 'text', text: `${'x'.repeat(100_000)}${'é'.repeat(500)}` };
    const line = { run: 'r', sequence: 1, at: 2, event, ids: ['short'] };
    const shown = cut(line);
    expect(shown).toMatchObject({ run: 'r', sequence: 1, at: 2, ids: ['short'] });
    expect(shown.event.text).toMatch(/^x{100000}\n\[cut here, 1000 bytes more; .*\]$/);
    expect(event.text).toHaveLength(100_500);
  });
});
