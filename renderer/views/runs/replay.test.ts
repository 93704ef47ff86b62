import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { emptyBudgets } from '#protocol/model/budget/state.ts';
import { applyEvent, type World } from '#protocol/model/world.ts';
import { countAt, createReplay } from './replay.ts';

const EMPTY: World = {
  sequence: 0,
  goals: {},
  conversations: {},
  budgets: emptyBudgets(),
  projects: {},
  layouts: {},
  decisions: {},
  live: [],
  texts: {},
};

function placed(index: number): NumberedEvent {
  return {
    sequence: index * 3 + 1,
    id: `e${index}`,
    stream: 'layout/goal_1',
    type: 'layout.placed',
    at: index * 10,
    epoch: 1,
    data: { nodes: [{ id: `n${index % 7}`, x: index, y: 0, pinned: false }] },
    texts: {},
  };
}

describe('replay', () => {
  const events = Array.from({ length: 950 }, (_, index) => placed(index));

  it('shows at every moment what its events lead to, in whatever order one looks', () => {
    const replay = createReplay(events, EMPTY);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 960 }), { maxLength: 8 }), (moments) => {
        for (const moment of moments) {
          const count = Math.min(Math.max(moment, 0), events.length);
          expect(replay.at(moment)).toEqual(events.slice(0, count).reduce(applyEvent, EMPTY));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('finds how much had happened at a time', () => {
    expect(countAt(events, -1)).toBe(0);
    expect(countAt(events, 0)).toBe(1);
    expect(countAt(events, 25)).toBe(3);
    expect(countAt(events, 1e9)).toBe(950);
  });
});
