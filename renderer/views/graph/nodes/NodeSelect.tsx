import { useId } from 'react';
import { PLANNED } from '#protocol/model/goal/kinds.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { titleOf } from '../actions.ts';

/** Chooses a node of the plan, or none. */
export function NodeSelect({
  goal,
  label,
  value,
  fits,
  onChoose,
}: {
  readonly goal: Goal;
  readonly label: string;
  readonly value: string;
  readonly fits: (task: Task) => boolean;
  readonly onChoose: (task: string) => void;
}) {
  const id = useId();
  const nodes = Object.values(goal.tasks).filter(
    (task) => PLANNED.has(task.kind) && task.status !== 'cancelled' && fits(task),
  );
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{t('plan:nothing')}</option>
        {nodes.map((task) => (
          <option key={task.id} value={task.id}>
            {titleOf(goal, task.id)}
          </option>
        ))}
      </select>
    </div>
  );
}
