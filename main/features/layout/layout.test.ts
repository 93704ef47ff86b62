import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayoutEvent } from '#protocol/model/layout/event.ts';
import { emptyLayout, evolveLayout, type Layout } from '#protocol/model/layout/state.ts';
import { layoutArea } from './area.ts';
import { decideLayout, type LayoutCommand } from './decide.ts';

type Nodes = LayoutCommand['nodes'];

function place(layout: Layout, nodes: Nodes): { layout: Layout; events: readonly LayoutEvent[]; refused?: string } {
  const decision = decideLayout(layout, { type: 'place', nodes });
  if (decision.kind === 'refused') return { layout, events: [], refused: decision.fault.tag };
  return { layout: decision.events.reduce(evolveLayout, layout), events: decision.events };
}

const node = (id: string, x = 0, pinned = false) => ({ id, x, y: 0, pinned });
const many = (count: number, prefix = 'n') =>
  Array.from({ length: count }, (_, index) => node(`${prefix}${index}`, index));

describe('places on the graph', () => {
  it('are kept, moved, and not told again when nothing moved', () => {
    const first = place(emptyLayout('g'), [node('a', 1), node('b', 2, true)]);
    const second = place(first.layout, [node('a', 1), node('b', 3, true)]);
    expect(second.events).toEqual([{ type: 'layout.placed', nodes: [node('b', 3, true)] }]);
    expect(second.layout.places).toEqual({ a: { x: 1, y: 0, pinned: false }, b: { x: 3, y: 0, pinned: true } });
    expect(place(second.layout, [node('a', 1)]).events).toEqual([]);
  });

  it('know a node by any name', () => {
    const { layout } = place(emptyLayout('g'), [node('__proto__', 7), node('constructor', 8)]);
    expect(Object.keys(layout.places)).toEqual(['__proto__', 'constructor']);
    expect(place(layout, [node('__proto__', 7)]).events).toEqual([]);
  });

  it('are refused beyond what a graph may hold', () => {
    const full = place(emptyLayout('g'), many(20_000)).layout;
    expect(place(full, [node('one-more')]).refused).toBe('too-many-nodes');
    expect(place(full, [node('n5', 99)]).events).toHaveLength(1);
  });

  it('replay to what they were, through the stored form', () => {
    const nodes = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c'), x: fc.integer(), y: fc.integer(), pinned: fc.boolean() }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(nodes, { maxLength: 10 }), (commands) => {
        let layout = emptyLayout('g');
        const stored: string[] = [];
        for (const command of commands) {
          const placed = place(layout, command);
          layout = placed.layout;
          stored.push(...placed.events.map((event) => JSON.stringify(event)));
        }
        const replayed = stored
          .map((text) => JSON.parse(text) as LayoutEvent)
          .map(({ type, ...data }) => layoutArea.decode(type, data))
          .reduce(evolveLayout, emptyLayout('g'));
        expect(replayed).toEqual(layout);
      }),
    );
  });
});
