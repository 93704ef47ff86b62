import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { gridOf } from './grid-of.ts';

/**
 * The dots behind the cards. A layer of its own that the compositor moves: React Flow's is an SVG that is painted anew in
 * every frame of a pan, and took more time than all cards and edges together.
 */
export function Grid() {
  const layer = useRef<HTMLDivElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const show = (transform: readonly [number, number, number]) => {
      if (!layer.current) return;
      const { gap, left, top } = gridOf(transform);
      const { style } = layer.current;
      style.backgroundSize = `${gap}px ${gap}px`;
      // It begins one gap outside, so that it reaches every edge wherever it is moved to.
      style.transform = `translate(${left - gap}px, ${top - gap}px)`;
    };
    show(store.getState().transform);
    return store.subscribe(({ transform }, before) => {
      if (transform !== before.transform) show(transform);
    });
  }, [store]);
  return <div ref={layer} className="graph-grid" aria-hidden />;
}
