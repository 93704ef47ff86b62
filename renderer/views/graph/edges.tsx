import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getStraightPath } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/index.ts';
import { select } from '../../store/view-store.ts';
import type { GraphEdge } from './model.ts';
import { Condition } from './nodes/Condition.tsx';

const PULSE_MS = 1_500;

/** Marks an edge for a moment when its count rises. State, not an endless animation. */
function usePulse(count: number): boolean {
  const [pulsing, setPulsing] = useState(false);
  const before = useRef(count);
  useEffect(() => {
    const grew = count > before.current;
    before.current = count;
    if (!grew) return;
    setPulsing(true);
    const timer = setTimeout(() => setPulsing(false), PULSE_MS);
    return () => clearTimeout(timer);
  }, [count]);
  return pulsing;
}

/** A dependency, an assignment, a delegation or a wait. */
export const PlainEdge = memo(function PlainEdge(props: EdgeProps) {
  const { id, data, selected, markerEnd } = props;
  const kind = (data as { readonly kind: GraphEdge['kind'] } | undefined)?.kind ?? 'link';
  const conditional = (data as { readonly count: number } | undefined)?.count === 1;
  const [path, x, y] = getBezierPath(props);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={`graph-edge graph-edge-${kind}${conditional ? ' conditional' : ''}${selected ? ' selected' : ''}`}
        interactionWidth={kind === 'link' ? 16 : 0}
        {...(markerEnd === undefined ? {} : { markerEnd })}
      />
      {conditional && <Condition task={id.slice(id.indexOf(':') + 1).split('>')[0] ?? ''} x={x} y={y} />}
    </>
  );
});

/** Messages between two agents: how many, and a pulse when one more is sent. */
export const TalkEdge = memo(function TalkEdge(props: EdgeProps) {
  const count = Number((props.data as { readonly count: number } | undefined)?.count ?? 0);
  const pulsing = usePulse(count);
  const [path, x, y] = getStraightPath(props);
  const name = t('graph:talk', { count });
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        className={`graph-edge graph-edge-talk${pulsing ? ' pulsing' : ''}`}
        interactionWidth={12}
      />
      <EdgeLabelRenderer>
        <button
          type="button"
          className="graph-talk figures nodrag nopan"
          data-pulsing={pulsing}
          aria-label={name}
          title={name}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          onClick={() => select([props.id], 'messages')}
        >
          {count}
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
