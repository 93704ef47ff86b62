import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoalId, useText } from '../../store/shown.ts';
import { select } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { idOf } from './model.ts';
import './collisions.css';

const MOST_FILES = 12;

/** Two pieces of work that get into each other's way: in red where they cannot be merged, quiet where they can. The files are a hover away. */
export const CollisionEdge = memo(function CollisionEdge(props: EdgeProps) {
  const goalId = useGoalId() ?? '';
  const collision = useWorld((world) => world.goals[goalId]?.collisions[idOf(props.id)] ?? null);
  const files = useText(collision?.files);
  const [path, x, y] = getBezierPath(props);
  const kind = collision?.kind ?? 'same-file';
  const count = collision?.count ?? 0;
  const name = t(`graph:collision.${kind}`, { count });
  const shown = files
    .split('\n')
    .slice(0, MOST_FILES)
    .map((file) => plainLine(file, 100));
  const more = count > MOST_FILES ? ['…'] : [];
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        className={`graph-edge graph-edge-collision${props.selected ? ' selected' : ''}`}
        data-kind={kind}
        interactionWidth={12}
      />
      <EdgeLabelRenderer>
        <button
          type="button"
          className="graph-talk graph-collision figures nodrag nopan"
          data-kind={kind}
          aria-label={name}
          title={[name, ...shown, ...more].join('\n')}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          onClick={() => select([props.id], 'overview')}
        >
          {kind === 'same-file' ? count : `! ${count}`}
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
