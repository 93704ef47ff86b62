import ELK from 'elkjs/lib/elk.bundled.js';
import type { TidyAnswer, TidyRequest } from './tidy.ts';

const elk = new ELK();

/** Lays the free nodes out in layers, left to right; the answer's places are the nodes' upper left corners. */
async function layOut({ nodes, edges }: TidyRequest): Promise<TidyAnswer> {
  const graph = await elk.layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': '56',
      'elk.spacing.nodeNode': '28',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.separateConnectedComponents': 'true',
      'elk.spacing.componentComponent': '40',
    },
    children: nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: edges.map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
  });
  return { places: (graph.children ?? []).map(({ id, x = 0, y = 0 }) => ({ id, x, y })) };
}

self.addEventListener('message', (event: MessageEvent<TidyRequest>) => {
  void layOut(event.data).then(
    (answer) => self.postMessage(answer),
    () => self.postMessage({ places: [] }),
  );
});
