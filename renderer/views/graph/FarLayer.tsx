import { type Edge, type Node, useStoreApi } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import { useGoal } from '../../store/shown.ts';
import { useAtMost } from '../../ui/use-at-most.ts';
import { type GraphEdge, idOf, isAgent } from './model.ts';
import { type Colours, drawFar, type FarScene, type Speck, standingsOf } from './specks.ts';

/** Nobody follows single cards from so far away. */
const STANDINGS_EVERY_MS = 500;

/** Calls back when the colours of the page change. */
function onColours(changed: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributes: true });
  system.addEventListener('change', changed);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', changed);
  };
}

/** Cards of a large plan as they are drawn from far away. */
export function useSpecks(nodes: readonly Node[], shown: boolean): readonly Speck[] {
  const goal = useAtMost(useGoal(), STANDINGS_EVERY_MS);
  const standings = useMemo(() => standingsOf(shown ? goal : null), [goal, shown]);
  return useMemo(() => {
    if (!shown) return [];
    return nodes.map(({ id, position, selected }) => {
      const standing = standings.get(idOf(id)) ?? null;
      return { id, ...position, agent: isAgent(id), selected: selected === true, standing };
    });
  }, [nodes, standings, shown]);
}

/**
 * A large plan from far away: rectangles and lines on one canvas. As elements, five hundred cards that nobody can read are
 * painted and asked for the pointer in every frame of a pan.
 */
export function FarLayer({ specks, edges }: { readonly specks: readonly Speck[]; readonly edges: readonly Edge[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const store = useStoreApi();
  const lines = useMemo(
    () => edges.map(({ source, target, data }) => ({ source, target, kind: data?.['kind'] as GraphEdge['kind'] })),
    [edges],
  );
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    let frame = 0;
    let known = new Map<string, string>();
    const colours: Colours = (token) => {
      const colour = known.get(token) ?? getComputedStyle(element).getPropertyValue(token);
      known.set(token, colour);
      return colour;
    };
    const draw = () => {
      frame = 0;
      const { width, height, transform } = store.getState();
      const [x, y, zoom] = transform;
      const scale = window.devicePixelRatio;
      const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== across) element.width = across;
      if (element.height !== down) element.height = down;
      const scene: FarScene = { specks, edges: lines, view: { x, y, zoom }, size: { width, height } };
      drawFar(context, scene, colours, scale);
    };
    const soon = () => {
      frame ||= requestAnimationFrame(draw);
    };
    draw();
    const leave = [
      store.subscribe((state, before) => {
        if (state.transform !== before.transform || state.width !== before.width || state.height !== before.height)
          soon();
      }),
      onColours(() => {
        known = new Map();
        soon();
      }),
    ];
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of leave) stop();
    };
  }, [specks, lines, store]);
  return <canvas ref={canvas} className="graph-specks" aria-hidden />;
}
