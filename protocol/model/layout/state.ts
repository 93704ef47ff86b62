import type { LayoutEvent } from './event.ts';

/** Where one node stands. `pinned`: placed by hand. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly pinned: boolean;
}

/** Places of the nodes of one goal's graph; the id is the goal's. */
export interface Layout {
  readonly id: string;
  readonly places: Readonly<Record<string, Place>>;
}

/** A graph nobody has arranged. */
export function emptyLayout(id: string): Layout {
  return { id, places: {} };
}

/** The next places. Pure and total. */
export function evolveLayout(state: Layout, event: LayoutEvent): Layout {
  const placed = Object.fromEntries(event.nodes.map(({ id, ...place }) => [id, place]));
  return { ...state, places: { ...state.places, ...placed } };
}
