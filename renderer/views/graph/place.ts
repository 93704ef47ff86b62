import type { Goal, Task } from '#protocol/model/goal/state.ts';
import type { Layout, Place } from '#protocol/model/layout/state.ts';
import { agentNode, type Graph, isAgent, taskNode } from './model.ts';

/** Size of a card in the graph's own units; cards are drawn at exactly this width. */
export const CARD = { width: 208, agentHeight: 100, taskHeight: 84 } as const;
const COLUMN = CARD.width + 56;
const ROW = CARD.taskHeight + 28;
/** Agents stand in rows of so many: a crew of five is then no wider than its plan. */
const AGENTS_ABREAST = 3;
const AGENT_ROW = CARD.agentHeight + 24;
const AGENTS_ABOVE = 56;

/** The nth place of the agents, in rows above the plan. */
export function agentCell(index: number): { readonly x: number; readonly y: number } {
  return { x: (index % AGENTS_ABREAST) * COLUMN, y: Math.floor(index / AGENTS_ABREAST) * AGENT_ROW };
}

/** Where the plan begins below so many agents. */
export function tasksFrom(agents: number): number {
  return Math.ceil(Math.max(agents, 1) / AGENTS_ABREAST) * AGENT_ROW + AGENTS_ABOVE;
}

/** What stands before a node: what it waits for or branches on, its sub-plan, and the nodes of sub-plans it waits for. */
function waitsOf(goal: Goal, id: string, children: ReadonlyMap<string | undefined, readonly Task[]>): string[] {
  const { dependsOn = [], spec } = goal.tasks[id] ?? {};
  const inside = dependsOn.flatMap((on) => (children.get(on) ?? []).map((child) => child.id));
  return [...dependsOn, ...inside, spec?.onlyIf?.task, spec?.parent].filter((on) => on !== undefined);
}

/** How many tasks have to be done before a task can start, at least: its column. */
export function depthsOf(goal: Goal, tasks: readonly string[]): Map<string, number> {
  const depths = new Map<string, number>();
  const onPath = new Set<string>();
  const children = Map.groupBy(Object.values(goal.tasks), (task) => task.spec?.parent);
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // The engine allows no circle; a view must not hang if one were shown to it.
    if (onPath.has(id)) return 0;
    onPath.add(id);
    const before = waitsOf(goal, id, children).filter((on) => goal.tasks[on]?.status !== 'cancelled');
    const found = before.length === 0 ? 0 : 1 + Math.max(...before.map(depth));
    onPath.delete(id);
    depths.set(id, found);
    return found;
  };
  for (const id of tasks) depth(id);
  return depths;
}

/**
 * A place for every node: where it was put, else a free cell of its column. A new node takes a cell of its own and moves
 * no other.
 */
export function placesOf(goal: Goal, graph: Graph, layout: Layout | undefined): Map<string, Place> {
  const places = new Map<string, Place>();
  const cell = (x: number, y: number) => `${Math.round(x / COLUMN)}:${Math.round(y / ROW)}`;
  const taken = new Set<string>();
  for (const node of [...graph.agents.map(agentNode), ...graph.tasks.map(taskNode)]) {
    const place = layout?.places[node];
    if (!place) continue;
    places.set(node, place);
    taken.add(cell(place.x, place.y));
  }
  const put = (node: string, at: (index: number) => { readonly x: number; readonly y: number }) => {
    if (places.has(node)) return;
    for (let index = 0; ; index += 1) {
      const { x, y } = at(index);
      if (taken.has(cell(x, y))) continue;
      taken.add(cell(x, y));
      places.set(node, { x, y, pinned: false });
      return;
    }
  };
  for (const agent of graph.agents) put(agentNode(agent), agentCell);
  const depths = depthsOf(goal, graph.tasks);
  const below = tasksFrom(graph.agents.length);
  for (const task of graph.tasks)
    put(taskNode(task), (index) => ({ x: (depths.get(task) ?? 0) * COLUMN, y: below + index * ROW }));
  return places;
}

const GAP = 24;
const heightOf = (node: string) => (isAgent(node) ? CARD.agentHeight : CARD.taskHeight);

/** Lets cards that would lie over others slide down below them, the upper ones first; those that stay keep their places. */
export function besides(moving: ReadonlyMap<string, Place>, staying: ReadonlyMap<string, Place>): Map<string, Place> {
  const standing = [...staying];
  const placed = new Map<string, Place>();
  const inTheWay = (node: string, at: Place) =>
    standing.filter(
      ([other, place]) =>
        Math.abs(place.x - at.x) < CARD.width + GAP &&
        place.y < at.y + heightOf(node) + GAP &&
        at.y < place.y + heightOf(other) + GAP,
    );
  for (const [node, place] of [...moving].sort(([, one], [, other]) => one.y - other.y || one.x - other.x)) {
    let at = place;
    for (let others = inTheWay(node, at); others.length > 0; others = inTheWay(node, at)) {
      const bottom = Math.max(...others.map(([other, { y }]) => y + heightOf(other)));
      at = { ...at, y: bottom + GAP };
    }
    standing.push([node, at]);
    placed.set(node, at);
  }
  return placed;
}

/** Where a direction leads from a node: the nearest in that half of the plane, straight ahead preferred; null at the edge. */
export function neighbourOf(
  places: ReadonlyMap<string, Place>,
  from: string,
  direction: 'left' | 'right' | 'up' | 'down',
): string | null {
  const here = places.get(from);
  if (!here) return places.keys().next().value ?? null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [node, place] of places) {
    const dx = place.x - here.x;
    const dy = place.y - here.y;
    const [ahead, aside] =
      direction === 'left' ? [-dx, dy] : direction === 'right' ? [dx, dy] : direction === 'up' ? [-dy, dx] : [dy, dx];
    if (node === from || ahead <= 0) continue;
    const distance = ahead + Math.abs(aside) * 2;
    if (distance < least) {
      least = distance;
      best = node;
    }
  }
  return best;
}

/** Lines nodes up: by their left or top edges, or with equal spaces between. */
export function aligned(
  places: ReadonlyMap<string, Place>,
  nodes: readonly string[],
  how: 'left' | 'top' | 'row' | 'column',
): Map<string, Place> {
  const chosen = nodes.flatMap((node): [string, Place][] => {
    const place = places.get(node);
    return place ? [[node, place]] : [];
  });
  if (chosen.length === 0) return new Map();
  const left = Math.min(...chosen.map(([, place]) => place.x));
  const top = Math.min(...chosen.map(([, place]) => place.y));
  const along = how === 'row' ? 'x' : 'y';
  const sorted = [...chosen].sort((one, other) => one[1][along] - other[1][along]);
  return new Map(
    sorted.map(([node, place], index) => {
      const height = isAgent(node) ? CARD.agentHeight + 28 : ROW;
      const x = how === 'left' ? left : how === 'row' ? left + index * COLUMN : place.x;
      const y = how === 'top' ? top : how === 'column' ? top + index * height : place.y;
      return [node, { x, y, pinned: true }];
    }),
  );
}
