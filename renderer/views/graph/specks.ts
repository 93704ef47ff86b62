import type { Standing } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { GraphEdge } from './model.ts';
import { CARD } from './place.ts';

/** A card seen from far away: where it is, and what its colour says. */
export interface Speck {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly agent: boolean;
  readonly selected: boolean;
  readonly standing: Standing | null;
}

/** Colours by the name of their token. */
export type Colours = (token: string) => string;

/** What is drawn, and from where it is looked at: the graph's corner on the screen, its scale, the screen's size. */
export interface FarScene {
  readonly specks: readonly Speck[];
  readonly edges: readonly Pick<GraphEdge, 'kind' | 'source' | 'target'>[];
  readonly view: { readonly x: number; readonly y: number; readonly zoom: number };
  readonly size: { readonly width: number; readonly height: number };
}

const MOVES: ReadonlySet<Attempt['status']> = new Set(['preparing', 'running', 'verifying', 'merging']);

/**
 * The standings of tasks that have a colour: what waits for others has none. Why something waits is left out, which takes
 * time that grows with the chain it stands in.
 */
export function standingsOf(goal: Goal | null): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const { id, status, attempts } of Object.values(goal?.tasks ?? {})) {
    const last = goal?.attempts[attempts.at(-1) ?? ''];
    if (status === 'done' || status === 'failed') standings.set(id, status);
    else if (last && MOVES.has(last.status)) standings.set(id, 'running');
  }
  for (const { task, closed } of Object.values(goal?.items ?? {}))
    if (task !== null && closed === null) standings.set(task, 'needs-you');
  return standings;
}

const heightOf = ({ agent }: Speck) => (agent ? CARD.agentHeight : CARD.taskHeight);

const EDGE_TOKENS: Readonly<Partial<Record<GraphEdge['kind'], string>>> = {
  wait: '--needs-you',
  hit: '--failed',
  talk: '--accent',
};
/** Standings that colour a card, as they do near by. */
const COLOURED: ReadonlySet<string> = new Set(['running', 'needs-you', 'failed', 'done']);

/** The card at a point of the graph, the last drawn first; undefined where there is none. */
export function speckAt(specks: readonly Speck[], { x, y }: { readonly x: number; readonly y: number }) {
  return specks.findLast(
    (each) => x >= each.x && x <= each.x + CARD.width && y >= each.y && y <= each.y + heightOf(each),
  );
}

function drawEdges(context: CanvasRenderingContext2D, { specks, edges, view }: FarScene, colours: Colours): void {
  const places = new Map(specks.map((speck) => [speck.id, speck]));
  // One path a colour: thousands of lines are then drawn at once.
  const byColour = Map.groupBy(edges, ({ kind }) => EDGE_TOKENS[kind] ?? '--line');
  context.lineWidth = 1 / view.zoom;
  for (const [token, lines] of byColour) {
    context.beginPath();
    for (const { source, target } of lines) {
      const [from, to] = [places.get(source), places.get(target)];
      if (!from || !to) continue;
      context.moveTo(from.x + CARD.width, from.y + heightOf(from) / 2);
      context.lineTo(to.x, to.y + heightOf(to) / 2);
    }
    context.strokeStyle = colours(token);
    context.stroke();
  }
}

function drawSpecks(context: CanvasRenderingContext2D, { specks, view }: FarScene, colours: Colours): void {
  const byStanding = Map.groupBy(specks, ({ standing }) => (COLOURED.has(standing ?? '') ? standing : null));
  context.lineWidth = 1 / view.zoom;
  for (const [standing, alike] of byStanding) {
    context.beginPath();
    for (const speck of alike) context.rect(speck.x, speck.y, CARD.width, heightOf(speck));
    context.fillStyle = colours(standing === null ? '--surface' : `--${standing}-tint`);
    context.fill();
    context.strokeStyle = colours(standing === null ? '--line-strong' : `--${standing}`);
    context.stroke();
  }
  const chosen = specks.filter(({ selected }) => selected);
  context.lineWidth = 2 / view.zoom;
  context.strokeStyle = colours('--accent');
  for (const speck of chosen) context.strokeRect(speck.x, speck.y, CARD.width, heightOf(speck));
}

/** Draws the plan from far away. `scale` is how many pixels of the canvas make one of the screen. */
export function drawFar(context: CanvasRenderingContext2D, scene: FarScene, colours: Colours, scale: number): void {
  const { view, size } = scene;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  const [left, top] = [-view.x / view.zoom, -view.y / view.zoom];
  const [right, bottom] = [left + size.width / view.zoom, top + size.height / view.zoom];
  const seen = scene.specks.filter(
    (each) => each.x < right && each.x + CARD.width > left && each.y < bottom && each.y + heightOf(each) > top,
  );
  context.setTransform(scale * view.zoom, 0, 0, scale * view.zoom, scale * view.x, scale * view.y);
  drawEdges(context, scene, colours);
  drawSpecks(context, { ...scene, specks: seen }, colours);
}
