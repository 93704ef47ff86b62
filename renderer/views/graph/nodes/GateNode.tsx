import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useShallow } from 'zustand/shallow';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../../../i18n/index.ts';
import { useGoalId, useText } from '../../../store/shown.ts';
import { useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { StateMark } from '../../../ui/StateMark.tsx';
import { Until } from '../../../ui/Until.tsx';
import { Line } from '../../../ui/Words.tsx';
import { idOf } from '../model.ts';
import { Badges } from './Badges.tsx';
import { gateState } from './badges.ts';
import { GATE_ICONS } from './gate-kinds.ts';

function saidOf(world: World, goalId: string, id: string) {
  const goal = world.goals[goalId];
  const task = goal?.tasks[id];
  if (!goal || !task) return null;
  const { standing, why } = describeTask(goal, task, textsIn(world.texts));
  return {
    standing,
    why,
    kind: task.spec?.gate?.kind ?? ('approval' as const),
    state: gateState(task),
    ghost: task.status === 'proposed',
    until: task.status === 'active' ? (task.opened?.until ?? null) : null,
  };
}

/** A gate: what it waits for as a shape, whether it is closed, waiting, open or stays closed, and until when. */
export const GateNode = memo(function GateNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goalId = useGoalId() ?? '';
  const said = useWorld(useShallow((world) => saidOf(world, goalId, id)));
  const title = useText(useWorld((world) => world.goals[goalId]?.tasks[id]?.title));
  if (!said) return null;
  const { standing, why, kind, state, ghost, until } = said;
  const Icon = GATE_ICONS[kind];
  return (
    <article
      className="graph-card graph-gate"
      data-standing={standing}
      data-ghost={ghost}
      data-selected={selected}
      data-gate={state}
      data-task={id}
      aria-label={plainLine(t('plan:gateName', { kind: t(`plan:gate.${kind}`), title }), 160)}
    >
      <Handle type="target" position={Position.Left} id="on" />
      <Handle type="target" position={Position.Top} id="by" isConnectable={false} className="graph-unseen" />
      <span className="graph-diamond" aria-hidden>
        <Icon size={18} />
      </span>
      <div className="graph-gate-words">
        <h3 className="graph-title">
          <Line text={title} most={120} />
        </h3>
        <span className="row graph-near" title={why}>
          <StateMark standing={standing} bare />
          <small className="line-of-text">
            {until === null ? (
              t(`plan:gateState.${state}`)
            ) : (
              <Until at={until} past={t('plan:gateState.waiting')}>
                {(span) => t('plan:opensIn', { span })}
              </Until>
            )}
          </small>
        </span>
      </div>
      <Badges id={id} />
      <Handle type="source" position={Position.Right} id="next" />
    </article>
  );
});
