import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useShallow } from 'zustand/shallow';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import { SAYS_CEO } from '#protocol/model/goal/why-words.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../../i18n/index.ts';
import { useGoalId, useText } from '../../store/shown.ts';
import { useWorld } from '../../store/world-store.ts';
import { StateMark } from '../../ui/StateMark.tsx';
import { Line } from '../../ui/Words.tsx';
import { idOf, ownerOf } from './model.ts';
import { Badges } from './nodes/Badges.tsx';

/** What a card says of its task, as plain values: it is drawn again only when one of them changes, not with every event. */
function saidOf(world: World, goalId: string, id: string) {
  const goal = world.goals[goalId];
  const task = goal?.tasks[id];
  if (!goal || !task) return null;
  const { standing, why, turn } = describeTask(goal, task, textsIn(world.texts));
  const owner = ownerOf(goal, task);
  const name = owner === null ? (task.assignee.kind === 'role' ? task.assignee.role : '') : goal.agents[owner]?.name;
  return {
    standing,
    why,
    turn,
    name: name ?? '',
    ghost: task.status === 'proposed',
    skipped: task.skipped === true,
    tries: task.attempts.length,
  };
}

/** The part of a card that a person reads first. What it says comes with its own event: nothing else is drawn again then. */
const Title = memo(function Title({ id }: { readonly id: string }) {
  const goalId = useGoalId() ?? '';
  const title = useText(useWorld((world) => world.goals[goalId]?.tasks[id]?.title));
  return (
    <h3 className="graph-title" id={`graph-title-${id}`}>
      <Line text={title} most={160} />
    </h3>
  );
});

/** A task as a card: title, state, owner, attempts, cost, what it waits for. Ghosts are proposals. */
export const TaskNode = memo(function TaskNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goalId = useGoalId() ?? '';
  const said = useWorld(useShallow((world) => saidOf(world, goalId, id)));
  const spent = useWorld((world) => world.budgets.nodes[`task/${id}`]?.spent ?? 0) ?? 0;
  if (!said) return null;
  const { standing, why, turn, name, ghost, skipped, tries } = said;
  return (
    <article
      className={skipped ? 'graph-card graph-task graph-skipped' : 'graph-card graph-task'}
      data-standing={standing}
      data-ghost={ghost}
      data-selected={selected}
      data-task={id}
      aria-labelledby={`graph-title-${id}`}
    >
      <Handle type="target" position={Position.Left} id="on" />
      <Handle type="target" position={Position.Top} id="by" isConnectable={false} className="graph-unseen" />
      <Title id={id} />
      <div className="row graph-near">
        <StateMark standing={standing} bare />
        <small className="line-of-text">
          <Line text={why} most={120} />
        </small>
      </div>
      <small className="row graph-near figures">
        <Line text={name} most={40} />
        {turn !== '' && (
          <span className="graph-turn" data-yours={turn === SAYS_CEO}>
            <Line text={turn} most={60} />
          </span>
        )}
        <span className="grow" />
        {tries > 1 && <span>{t('graph:attempts', { number: tries })}</span>}
        {spent > 0 && <span>{formatUsd(spent)}</span>}
      </small>
      <Badges id={id} />
      <Handle type="source" position={Position.Right} id="next" />
    </article>
  );
});
