import type { Goal } from '#protocol/model/goal/state.ts';
import type { Place } from '#protocol/model/layout/state.ts';
import { startWorker } from '../../platform/trusted.ts';
import workerUrl from './layout.worker.ts?worker&url';
import { agentNode, type Graph, type GraphEdge, isTask, taskNode } from './model.ts';
import { agentCell, besides, CARD, tasksFrom } from './place.ts';

/** What the worker is given: nodes with their sizes, and edges between them. */
export interface TidyRequest {
  readonly nodes: readonly { readonly id: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly id: string; readonly source: string; readonly target: string }[];
}

/** Where the nodes go; empty when it failed. */
export interface TidyAnswer {
  readonly places: readonly { readonly id: string; readonly x: number; readonly y: number }[];
}

/** Edges that say what comes after what. */
const PLACED: ReadonlySet<GraphEdge['kind']> = new Set(['link', 'if', 'part']);

const WITHIN_MS = 20_000;

/** Asks a worker that lives for this one layout: tidying is rare, and a layouter is large. */
function askWorker(request: TidyRequest): Promise<TidyAnswer> {
  const worker = startWorker(workerUrl);
  return new Promise<TidyAnswer>((resolve) => {
    const late = setTimeout(() => resolve({ places: [] }), WITHIN_MS);
    worker.addEventListener('message', (event: MessageEvent<TidyAnswer>) => {
      clearTimeout(late);
      resolve(event.data);
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/**
 * New places for everything that was not placed by hand: agents in a row, tasks below in layers, and none of them over what
 * was placed by hand. Empty when there is nothing to move.
 */
export async function tidyPlaces(
  goal: Goal,
  graph: Graph,
  places: ReadonlyMap<string, Place>,
): Promise<Map<string, Place>> {
  const isFree = (node: string) => places.get(node)?.pinned !== true;
  const tidied = new Map<string, Place>();
  const agents = graph.agents.map(agentNode).filter(isFree);
  for (const [index, node] of agents.entries()) tidied.set(node, { ...agentCell(index), pinned: false });
  const byHand = new Map([...places].filter(([node]) => !isFree(node)));
  const below = tasksFrom(agents.length);
  const tasks = graph.tasks.map(taskNode).filter(isFree);
  const free = new Set(tasks);
  const { places: found } = await askWorker({
    nodes: tasks.map((id) => ({ id, width: CARD.width, height: CARD.taskHeight })),
    edges: graph.edges.filter((edge) => PLACED.has(edge.kind) && free.has(edge.source) && free.has(edge.target)),
  });
  for (const { id, x, y } of found)
    if (isTask(id) && goal.tasks[id.slice('task:'.length)]) tidied.set(id, { x, y: y + below, pinned: false });
  return besides(tidied, byHand);
}
