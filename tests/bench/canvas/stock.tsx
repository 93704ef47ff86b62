import { type Edge, MiniMap, type Node, ReactFlow, useNodesState } from '@xyflow/react';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/style.css';

const COUNT = Number(new URLSearchParams(location.search).get('nodes'));
const ACROSS = Math.ceil(Math.sqrt(COUNT));

/** The baseline: React Flow as it comes, with as many default nodes and edges as our graph has. */
const NODES: Node[] = Array.from({ length: COUNT }, (_, index) => ({
  id: `n${index}`,
  position: { x: (index % ACROSS) * 264, y: Math.floor(index / ACROSS) * 112 },
  data: { label: `Task ${index}` },
  style: { width: 208, height: 84 },
}));
const EDGES: Edge[] = NODES.flatMap((_, index) =>
  [1, ...(index % 2 === 0 ? [7] : [])].flatMap((back) =>
    index >= back ? [{ id: `e${index}-${back}`, source: `n${index - back}`, target: `n${index}` }] : [],
  ),
);

function Stock() {
  const [nodes, setNodes, onNodesChange] = useNodesState(NODES);
  useEffect(() => {
    let count = 0;
    // One event a frame, as a running crew makes them: one node says something new.
    const change = () => {
      count += 1;
      const at = (count * 7) % COUNT;
      setNodes((all) =>
        all.map((node, index) => (index === at ? { ...node, data: { label: `Task ${index}: ${count}` } } : node)),
      );
    };
    let timer: ReturnType<typeof setInterval> | undefined;
    Object.assign(window, {
      live: (on: boolean) => {
        clearInterval(timer);
        if (on) timer = setInterval(change, 16);
      },
    });
    return () => clearInterval(timer);
  }, [setNodes]);
  return (
    <ReactFlow nodes={nodes} edges={EDGES} onNodesChange={onNodesChange} fitView minZoom={0.1}>
      <MiniMap />
    </ReactFlow>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Stock />);
