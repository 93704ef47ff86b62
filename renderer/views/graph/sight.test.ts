import { describe, expect, it } from 'vitest';
import { gridOf } from './grid-of.ts';
import { nearnessOf, sightOf } from './sight.ts';
import { type Speck, speckAt } from './specks.ts';

describe('sight', () => {
  it('leaves cards to a drawing only where there are many, far away, and nothing is dragged to one', () => {
    expect(sightOf(nearnessOf(1), 500, false)).toBe('near');
    expect(sightOf(nearnessOf(0.4), 500, false)).toBe('far');
    expect(sightOf(nearnessOf(0.2), 500, false)).toBe('speck');
    expect(sightOf(nearnessOf(0.2), 500, true)).toBe('far');
    expect(sightOf(nearnessOf(0.2), 20, false)).toBe('far');
  });

  it('finds the card at a point, the one on top first', () => {
    const speck = (id: string, x: number, agent = false): Speck => ({
      id,
      x,
      y: 0,
      agent,
      selected: false,
      standing: null,
    });
    const specks = [speck('task:a', 0), speck('task:b', 100), speck('agent:c', 400, true)];
    expect(speckAt(specks, { x: 10, y: 10 })?.id).toBe('task:a');
    expect(speckAt(specks, { x: 150, y: 84 })?.id).toBe('task:b');
    expect(speckAt(specks, { x: 450, y: 95 })?.id).toBe('agent:c');
    expect(speckAt(specks, { x: 150, y: 85 })).toBeUndefined();
    expect(speckAt(specks, { x: 350, y: 10 })).toBeUndefined();
  });

  it('keeps the dots in step with the graph, and never nearer than the eye can part', () => {
    expect(gridOf([30, -10, 1])).toEqual({ gap: 24, left: 6, top: 14 });
    for (const zoom of [0.1, 0.2, 0.35, 0.7, 1, 2]) {
      const { gap, left, top } = gridOf([-1_000, 517, zoom]);
      expect(gap).toBeGreaterThanOrEqual(14);
      expect(Math.log2(gap / (24 * zoom)) % 1).toBeCloseTo(0);
      expect([left, top].every((each) => each >= 0 && each < gap)).toBe(true);
    }
  });
});
