import type { ReactFlowInstance } from '@xyflow/react';
import type { Place } from '#protocol/model/layout/state.ts';
import { goalNow } from '../../store/shown.ts';
import { select, useView } from '../../store/view-store.ts';
import { worldNow } from '../../store/world-store.ts';
import { keepPlaces } from './actions.ts';
import { type Graph, graphOf, isAgent, isTask } from './model.ts';
import { aligned, CARD, neighbourOf, placesOf } from './place.ts';
import { tidyPlaces } from './tidy.ts';

let flow: ReactFlowInstance | null = null;

/** Tells which canvas is on screen; commands act on it. */
export const setFlow = (instance: ReactFlowInstance | null): void => {
  flow = instance;
};

/** The graph as it is shown now; null without a goal. */
export function graphNow(): { graph: Graph; places: Map<string, Place>; goal: string } | null {
  const goal = goalNow();
  const world = worldNow();
  if (!goal || !world) return null;
  const layout = world.layouts[goal.id];
  const graph = graphOf(goal, world.conversations, layout);
  return { graph, places: placesOf(goal, graph, layout), goal: goal.id };
}

const STILL = window.matchMedia('(prefers-reduced-motion: reduce)');
const duration = () => (STILL.matches ? 0 : 150);

/** Shows a node in the middle, near enough to read. */
export function flyTo(node: string): void {
  const place = graphNow()?.places.get(node);
  if (!place || !flow) return;
  const zoom = Math.max(flow.getZoom(), 0.8);
  void flow.setCenter(place.x + CARD.width / 2, place.y + CARD.taskHeight / 2, { zoom, duration: duration() });
}

/** Shows everything. */
export function showAll(): void {
  void flow?.fitView({ padding: 0.06, maxZoom: 1, duration: duration() });
}

/** Where a point of the window lies in the graph; null while no canvas is shown. */
export const pointOf = (x: number, y: number): { x: number; y: number } | null =>
  flow?.screenToFlowPosition({ x, y }) ?? null;

/** Keeps places of nodes of the shown goal. */
export function keep(places: ReadonlyMap<string, Place>): void {
  const now = graphNow();
  if (now) keepPlaces(now.goal, places);
}

/** Lays out everything that was not placed by hand; whether anything was. */
export async function tidy(): Promise<boolean> {
  const now = graphNow();
  const goal = goalNow();
  if (!now || !goal) return false;
  const places = await tidyPlaces(goal, now.graph, now.places);
  keepPlaces(now.goal, places);
  return places.size > 0;
}

const nodesIn = (selection: readonly string[]) => selection.filter((id) => isTask(id) || isAgent(id));

/** Selects the neighbour in a direction, and brings it into view. */
export function move(direction: 'left' | 'right' | 'up' | 'down'): void {
  const now = graphNow();
  if (!now) return;
  const from = nodesIn(useView.getState().selection)[0] ?? '';
  const next = neighbourOf(now.places, from, direction);
  if (next === null) return;
  select([next]);
  const place = now.places.get(next);
  const corner = place && flow?.flowToScreenPosition(place);
  const outside =
    corner &&
    (corner.x < 90 || corner.y < 60 || corner.x > window.innerWidth - 300 || corner.y > window.innerHeight - 140);
  if (outside) flyTo(next);
}

/** Moves the selected cards by a step and keeps them there. */
export function nudge(dx: number, dy: number): void {
  const now = graphNow();
  if (!now) return;
  const moved = new Map<string, Place>();
  for (const node of nodesIn(useView.getState().selection)) {
    const place = now.places.get(node);
    if (place) moved.set(node, { x: place.x + dx, y: place.y + dy, pinned: true });
  }
  keepPlaces(now.goal, moved);
}

/** Lines the selected cards up. */
export function align(how: 'left' | 'top' | 'row' | 'column'): void {
  const now = graphNow();
  if (now) keepPlaces(now.goal, aligned(now.places, nodesIn(useView.getState().selection), how));
}

/** Lets tidy move the selected cards again. */
export function unpin(): void {
  const now = graphNow();
  if (!now) return;
  const freed = new Map<string, Place>();
  for (const node of nodesIn(useView.getState().selection)) {
    const place = now.places.get(node);
    if (place?.pinned) freed.set(node, { ...place, pinned: false });
  }
  keepPlaces(now.goal, freed);
}
