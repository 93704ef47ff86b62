import {
  type Connection,
  ConnectionMode,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type NodeProps,
  type OnNodeDrag,
  ReactFlow,
  SelectionMode,
  type Viewport,
} from '@xyflow/react';
import { type ComponentType, type MouseEvent, memo, useCallback, useRef, useState } from 'react';
import { t } from '../../i18n/index.ts';
import { goalNow } from '../../store/shown.ts';
import { select, setOverlay } from '../../store/view-store.ts';
import { isPastNow, useIsPast } from '../../store/world-store.ts';
import { AgentNode } from './AgentNode.tsx';
import { assign, link } from './actions.ts';
import { CollisionEdge } from './collision-edges.tsx';
import { endDrag, moveDrag, useDrag } from './drag.ts';
import { PlainEdge, TalkEdge } from './edges.tsx';
import { FarLayer, useSpecks } from './FarLayer.tsx';
import { flyTo, keep, pointOf, setFlow, showAll } from './flow.ts';
import { Grid } from './Grid.tsx';
import { idOf, isTask } from './model.ts';
import { PlanNode } from './nodes/PlanNode.tsx';
import { nearnessOf, type Sight, SightProvider, sightOf, useSight } from './sight.ts';
import { speckAt } from './specks.ts';
import { takeSelection, useFlowNodes, useGraph } from './use-nodes.ts';
import './layers.css';

/** A card, unless it is so far away that a drawing stands for it. */
const inSight = (Card: ComponentType<NodeProps>) =>
  memo(function InSight(props: NodeProps) {
    return useSight() === 'speck' ? null : <Card {...props} />;
  });

const NODE_TYPES = { task: inSight(PlanNode), agent: inSight(AgentNode) };
const EDGE_TYPES = { plain: PlainEdge, talk: TalkEdge, hit: CollisionEdge };
const NO_EDGES: Edge[] = [];
/** From so many cards on only what is in sight is rendered: below it, mounting while panning costs more than it saves. */
const MANY = 150;
/** Small enough to leave the plan its room. */
const MAP = { width: 128, height: 88 } as const;
const MULTI_SELECT = ['Shift', 'Meta', 'Control'];

/** A drag of a card: it may end on an agent, or be called off. */
interface CardDrag {
  /** Where every dragged card stood. */
  readonly from: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  cancelled: boolean;
}

function mayConnect({ source, target }: { readonly source: string; readonly target: string }): boolean {
  const goal = goalNow();
  return goal !== null && !isPastNow() && isTask(source) && isTask(target) && source !== target;
}

const onConnect = ({ source, target }: Connection) => void link(idOf(target), idOf(source));

/** The canvas: cards, edges, and everything done to them by pointer. */
export function Canvas() {
  const graph = useGraph();
  const { nodes, edges, onNodesChange } = useFlowNodes(graph);
  const past = useIsPast();
  const [nearness, setNearness] = useState<Sight>('near');
  const dragging = useDrag(({ load }) => load !== null);
  const sight = sightOf(nearness, nodes.length, dragging);
  const specks = useSpecks(nodes, sight === 'speck');
  const drag = useRef<CardDrag | null>(null);

  const onMove = useCallback((_: unknown, { zoom }: Viewport) => setNearness(nearnessOf(zoom)), []);
  const speckUnder = useCallback(
    ({ clientX, clientY }: MouseEvent) => {
      const point = pointOf(clientX, clientY);
      return point === null ? undefined : speckAt(specks, point)?.id;
    },
    [specks],
  );
  const onPaneClick = useCallback(
    (event: MouseEvent) => {
      const id = speckUnder(event);
      // After React Flow has taken back what was selected before.
      if (id !== undefined) queueMicrotask(() => select([id]));
    },
    [speckUnder],
  );
  const onDragStart = useCallback((_: unknown, _node: Node, all: Node[]) => {
    const current: CardDrag = { from: new Map(all.map((each) => [each.id, { ...each.position }])), cancelled: false };
    drag.current = current;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') current.cancelled = true;
    };
    window.addEventListener('keydown', onKey, { capture: true });
    window.addEventListener('pointerup', () => window.removeEventListener('keydown', onKey, { capture: true }), {
      once: true,
    });
  }, []);
  const onDrag = useCallback<OnNodeDrag>((event, node, all) => {
    if (drag.current?.cancelled) return void endDrag();
    const point = 'clientX' in event ? event : event.touches[0];
    if (!point || !all.every((each) => isTask(each.id))) return;
    // The one under the pointer is told of first.
    const tasks = [node, ...all.filter((each) => each.id !== node.id)].map((each) => idOf(each.id));
    moveDrag({ kind: 'tasks', tasks }, point.clientX, point.clientY);
  }, []);
  const onDragStop = useCallback(
    (_: unknown, _node: Node, all: Node[]) => {
      const { over, load } = endDrag();
      const { from, cancelled } = drag.current ?? { from: new Map(), cancelled: true };
      drag.current = null;
      const back = () =>
        onNodesChange(
          [...from].map(([id, position]) => ({ type: 'position', id, position: { ...position }, dragging: false })),
        );
      if (cancelled) return back();
      if (over !== null && load?.kind === 'tasks') {
        back();
        return void assign(load.tasks, { kind: 'agent', agent: over });
      }
      keep(new Map(all.map((each) => [each.id, { ...each.position, pinned: true }])));
    },
    [onNodesChange],
  );
  const onDoubleClick = useCallback(
    (event: MouseEvent) => {
      if (!(event.target instanceof Element && event.target.classList.contains('react-flow__pane'))) return;
      const id = speckUnder(event);
      if (id !== undefined) flyTo(id);
      else if (!isPastNow()) setOverlay({ kind: 'new-task', at: pointOf(event.clientX, event.clientY) });
    },
    [speckUnder],
  );

  return (
    <SightProvider value={sight}>
      <ReactFlow
        className="graph-flow"
        data-sight={sight}
        aria-label={t('graph:canvas')}
        nodes={nodes}
        edges={sight === 'speck' ? NO_EDGES : edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={takeSelection}
        onConnect={onConnect}
        isValidConnection={mayConnect}
        onInit={(instance) => {
          setFlow(instance);
          showAll();
        }}
        onMove={onMove}
        onNodeDragStart={onDragStart}
        onNodeDrag={onDrag}
        onNodeDragStop={onDragStop}
        onDoubleClick={onDoubleClick}
        onPaneClick={onPaneClick}
        nodesDraggable={!past}
        nodesConnectable={!past}
        connectionMode={ConnectionMode.Strict}
        connectionRadius={40}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={MULTI_SELECT}
        deleteKeyCode={null}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > MANY && sight !== 'speck'}
        minZoom={0.1}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        <svg className="graph-defs" aria-hidden>
          <defs>
            <marker id="graph-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
              <path d="M0 0 L8 4 L0 8 z" />
            </marker>
          </defs>
        </svg>
        <Grid />
        {sight === 'speck' && <FarLayer specks={specks} edges={edges} />}
        <Controls showInteractive={false} />
        <MiniMap pannable zoomable style={MAP} ariaLabel={t('graph:map')} nodeBorderRadius={4} />
      </ReactFlow>
    </SightProvider>
  );
}
