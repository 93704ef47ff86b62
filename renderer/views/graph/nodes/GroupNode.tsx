import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Boxes } from 'lucide-react';
import { memo } from 'react';
import { useShallow } from 'zustand/shallow';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import { partsOf } from '#protocol/model/goal/describe-node.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../../../i18n/index.ts';
import { useGoalId, useText } from '../../../store/shown.ts';
import { useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { StateMark } from '../../../ui/StateMark.tsx';
import { Line } from '../../../ui/Words.tsx';
import { idOf } from '../model.ts';
import { Badges } from './Badges.tsx';

function saidOf(world: World, goalId: string, id: string) {
  const goal = world.goals[goalId];
  const task = goal?.tasks[id];
  if (!goal || !task) return null;
  const { standing } = describeTask(goal, task, textsIn(world.texts));
  return { standing, ghost: task.status === 'proposed', ...partsOf(goal, id) };
}

/** A sub-plan: how many of its nodes are done. They are cards of their own, tied to it. */
export const GroupNode = memo(function GroupNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goalId = useGoalId() ?? '';
  const said = useWorld(useShallow((world) => saidOf(world, goalId, id)));
  const title = useText(useWorld((world) => world.goals[goalId]?.tasks[id]?.title));
  if (!said) return null;
  const { standing, ghost, done, total } = said;
  return (
    <article
      className="graph-card graph-group"
      data-standing={standing}
      data-ghost={ghost}
      data-selected={selected}
      data-task={id}
      aria-label={plainLine(t('plan:groupName', { title }), 160)}
    >
      <Handle type="target" position={Position.Left} id="on" />
      <Handle type="target" position={Position.Top} id="by" isConnectable={false} className="graph-unseen" />
      <h3 className="graph-title row">
        <Boxes size={14} aria-hidden />
        <Line text={title} most={120} />
      </h3>
      <span className="row graph-near graph-parts">
        <StateMark standing={standing} bare />
        <small className="figures">{total === 0 ? t('plan:partsLater') : t('plan:parts', { done, total })}</small>
      </span>
      <div className="bar graph-near" aria-hidden>
        <span style={{ width: `${total === 0 ? 0 : (done / total) * 100}%` }} />
      </div>
      <Badges id={id} />
      <Handle type="source" position={Position.Right} id="next" />
    </article>
  );
});
