import type { Edge, EdgeChange, Node, NodeChange } from '@xyflow/react';
import { applyNodeChanges } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { shallow, useShallow } from 'zustand/shallow';
import { useGoalId } from '../../store/shown.ts';
import { select, useView } from '../../store/view-store.ts';
import { onWorldChange, useWorld, worldNow } from '../../store/world-store.ts';
import { agentNode, type Graph, type GraphEdge, graphOf, isAgent, taskNode } from './model.ts';
import { CARD, placesOf } from './place.ts';

const NO_EDGES: readonly GraphEdge[] = [];
const NO_IDS: readonly string[] = [];

/** Key of what an edge shows: it is made anew only when this changes. */
const edgeKey = (edge: GraphEdge) => `${edge.id} ${edge.source} ${edge.target} ${edge.count}`;

/** Events come by the dozen; to look through a large plan takes a while, and may take a tenth of the time. */
const LOOK_EVERY_MS = 100;
const REST = 9;

function keysOf(goalId: string): readonly string[] {
  const world = worldNow();
  const goal = world?.goals[goalId];
  if (!world || !goal) return NO_IDS;
  const found = graphOf(goal, world.conversations, world.layouts[goalId]);
  return [found.agents.join(' '), found.tasks.join(' '), found.backlog.join(' '), ...found.edges.map(edgeKey)];
}

/** What makes up the graph, as texts; looked at again soon after what was shown has changed. */
function useKeys(goalId: string): readonly string[] {
  const [keys, setKeys] = useState(() => keysOf(goalId));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again = 0;
    const look = () => {
      timer = undefined;
      const began = performance.now();
      const now = keysOf(goalId);
      const ended = performance.now();
      again = Math.max(began + LOOK_EVERY_MS, ended + REST * (ended - began));
      setKeys((before) => (shallow(before, now) ? before : now));
    };
    look();
    const leave = onWorldChange(() => {
      const wait = again - performance.now();
      // The first change after a pause shows at once, also in a window whose timers are slowed down.
      if (timer === undefined && wait <= 0) look();
      else timer ??= setTimeout(look, wait);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [goalId]);
  return keys;
}

/** Ids of what is on the canvas. Lists keep their identity until an id comes or goes, whatever else happens. */
export function useGraph(): Graph {
  const graph = useKeys(useGoalId() ?? '');
  return useMemo(() => {
    const [agents = '', tasks = '', backlog = '', ...edges] = graph;
    const ids = (text: string) => (text === '' ? NO_IDS : text.split(' '));
    return {
      agents: ids(agents),
      tasks: ids(tasks),
      backlog: ids(backlog),
      edges: edges.length === 0 ? NO_EDGES : edges.map(edgeOf),
    };
  }, [graph]);
}

function edgeOf(key: string): GraphEdge {
  const [id = '', source = '', target = '', count = '0'] = key.split(' ');
  return { id, source, target, count: Number(count), kind: id.slice(0, id.indexOf(':')) as GraphEdge['kind'] };
}

/** Whether an edge would be drawn as it is. */
function isSame(known: Edge, edge: GraphEdge, selected: boolean): boolean {
  const { source, target, data } = known;
  return (
    source === edge.source && target === edge.target && data?.['count'] === edge.count && known.selected === selected
  );
}

/** Edges from one card of the plan to the next. */
const BETWEEN_TASKS: ReadonlySet<GraphEdge['kind']> = new Set(['link', 'if', 'part']);

/** An edge as React Flow wants it. */
function flowEdge({ id, source, target, kind, count }: GraphEdge, selected: boolean): Edge {
  return {
    id,
    source,
    target,
    type: kind === 'talk' || kind === 'hit' ? kind : 'plain',
    data: { kind, count },
    selected,
    selectable: kind === 'link' || kind === 'talk' || kind === 'hit',
    focusable: kind === 'link',
    sourceHandle: BETWEEN_TASKS.has(kind) || kind === 'hit' ? 'next' : 'out',
    targetHandle: BETWEEN_TASKS.has(kind) || kind === 'hit' ? 'on' : kind === 'talk' || kind === 'wait' ? 'in' : 'by',
    ...(kind === 'link' || kind === 'if' ? { markerEnd: 'graph-arrow' } : {}),
  };
}

/** Selection belongs to the window's own state: what React Flow proposes is taken over there, and comes back from it. */
export function takeSelection(changes: readonly (NodeChange | EdgeChange)[]): void {
  const before = useView.getState().selection;
  const chosen = new Set(before);
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) chosen.add(change.id);
    else chosen.delete(change.id);
  }
  if (chosen.size !== before.length || before.some((id) => !chosen.has(id))) select([...chosen]);
}

/** The graph as React Flow wants it. While something is dragged its own places hold; what is kept comes back as the layout. */
export function useFlowNodes(graph: Graph): {
  readonly nodes: Node[];
  readonly edges: Edge[];
  readonly onNodesChange: (changes: NodeChange[]) => void;
} {
  const goalId = useGoalId() ?? '';
  const layout = useWorld((world) => world.layouts[goalId]);
  const selection = useView((view) => view.selection);
  const wanted = useWorld(
    useShallow((world) => (world.goals[goalId] ? [goalId, ...graph.tasks, ...graph.agents] : [])),
  );
  const [nodes, setNodes] = useState<Node[]>([]);

  // Which nodes there are and where they stand; anything else they show they read themselves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the goal is read once for places, not followed
  useEffect(() => {
    const goal = worldNow()?.goals[goalId];
    if (!goal) return setNodes([]);
    const places = placesOf(goal, graph, layout ?? undefined);
    const chosen = new Set(useView.getState().selection);
    setNodes((before) => {
      const old = new Map(before.map((node) => [node.id, node]));
      return [...graph.agents.map(agentNode), ...graph.tasks.map(taskNode)].map((id) => {
        const { x, y } = places.get(id) ?? { x: 0, y: 0 };
        const known = old.get(id);
        if (known?.dragging) return known;
        const position = { x, y };
        const selected = chosen.has(id);
        if (known && known.position.x === x && known.position.y === y && known.selected === selected) return known;
        const size = { width: CARD.width, height: isAgent(id) ? CARD.agentHeight : CARD.taskHeight };
        return { ...known, id, type: isAgent(id) ? 'agent' : 'task', position, selected, data: {}, ...size };
      });
    });
  }, [goalId, layout, wanted]);

  useEffect(() => {
    const chosen = new Set(selection);
    setNodes((before) =>
      before.map((node) =>
        (node.selected ?? false) === chosen.has(node.id) ? node : { ...node, selected: chosen.has(node.id) },
      ),
    );
  }, [selection]);

  // An edge that has not changed stays the same object, so that only what changed is drawn again.
  const drawn = useRef<ReadonlyMap<string, Edge>>(new Map());
  const edges = useMemo(() => {
    const chosen = new Set(selection);
    const before = drawn.current;
    const all = graph.edges.map((edge) => {
      const known = before.get(edge.id);
      return known && isSame(known, edge, chosen.has(edge.id)) ? known : flowEdge(edge, chosen.has(edge.id));
    });
    drawn.current = new Map(all.map((edge) => [edge.id, edge]));
    return all;
  }, [graph.edges, selection]);

  const onNodesChange = useCallback((changes: NodeChange[]) => {
    takeSelection(changes);
    const own = changes.filter((change) => change.type !== 'select' && change.type !== 'remove');
    if (own.length > 0) setNodes((before) => applyNodeChanges(own, before));
  }, []);

  return { nodes, edges, onNodesChange };
}
