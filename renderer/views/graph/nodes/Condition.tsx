import { EdgeLabelRenderer } from '@xyflow/react';
import { t } from '../../../i18n/index.ts';
import { useGoalId } from '../../../store/shown.ts';
import { useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';

/** What an edge demands of the node it comes from. */
export function Condition({ task, x, y }: { readonly task: string; readonly x: number; readonly y: number }) {
  const goal = useGoalId() ?? '';
  const word = useWorld((world) => world.goals[goal]?.tasks[task]?.spec?.onlyIf?.is ?? '') ?? '';
  return (
    <EdgeLabelRenderer>
      <span className="graph-if" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
        {plainLine(t('plan:onlyIf', { word }), 40)}
      </span>
    </EdgeLabelRenderer>
  );
}
