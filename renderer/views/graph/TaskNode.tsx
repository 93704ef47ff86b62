import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import { useGoal, useText } from '../../store/shown.ts';
import { useWorld, worldNow } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { StateMark } from '../../ui/StateMark.tsx';
import { Line } from '../../ui/Words.tsx';
import { idOf, ownerOf } from './model.ts';

/** A task as a card: title, state, owner, attempts, cost, what it waits for. Ghosts are proposals. */
export const TaskNode = memo(function TaskNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goal = useGoal();
  const task = goal?.tasks[id];
  const title = useText(task?.title);
  const spent = useWorld((world) => world.budgets.nodes[`task/${id}`]?.spent ?? 0) ?? 0;
  if (!goal || !task) return null;
  const { standing, why } = describeTask(goal, task, textsIn(worldNow()?.texts ?? {}));
  const owner = ownerOf(goal, task);
  const name = owner === null ? (task.assignee.kind === 'role' ? task.assignee.role : '') : goal.agents[owner]?.name;
  return (
    <article
      className="graph-card graph-task"
      data-standing={standing}
      data-ghost={task.status === 'proposed'}
      data-selected={selected}
      data-task={id}
      aria-label={plainLine(title, 120)}
    >
      <Handle type="target" position={Position.Left} id="on" aria-label={t('graph:link')} />
      <Handle type="target" position={Position.Top} id="by" isConnectable={false} className="graph-unseen" />
      <h3 className="graph-title">
        <Line text={title} most={160} />
      </h3>
      <div className="row graph-near">
        <StateMark standing={standing} bare />
        <small className="line-of-text">
          <Line text={why} most={120} />
        </small>
      </div>
      <small className="row graph-near figures">
        <Line text={name ?? ''} most={40} />
        <span className="grow" />
        {task.attempts.length > 1 && <span>{t('graph:attempts', { number: task.attempts.length })}</span>}
        {spent > 0 && <span>{formatUsd(spent)}</span>}
      </small>
      <Handle type="source" position={Position.Right} id="next" aria-label={t('graph:link')} />
    </article>
  );
});
