import { describeGoal, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { selectGoal } from '../store/page-store.ts';
import { useWorld } from '../store/world-store.ts';
import { StateMark } from './StateMark.tsx';
import { useShownGoal } from './shown-goal.ts';

function GoalRow({ goal, shown }: { readonly goal: Goal; readonly shown: boolean }) {
  const text = useWorld((world) => textsIn(world.texts)(goal.text)) ?? '';
  const { standing, why } = describeGoal(goal);
  return (
    <li>
      <button type="button" className="row" aria-current={shown} onClick={() => selectGoal(goal.id)}>
        <StateMark standing={standing} />
        <span>
          <bdi className="title">{text}</bdi>
          <small>{why}</small>
        </span>
      </button>
    </li>
  );
}

/** Every goal, newest first. */
export function Goals() {
  const goals = useWorld((world) => world.goals) ?? {};
  const shown = useShownGoal();
  const all = Object.values(goals)
    .filter((goal) => goal.status !== null)
    .sort((one, other) => other.statedAt - one.statedAt);
  return (
    <nav aria-label="Goals" className="panel">
      <h2>Goals</h2>
      {all.length === 0 && <p className="empty">No goal yet. State one: aios run "GOAL" --repo PATH</p>}
      <ul>
        {all.map((goal) => (
          <GoalRow key={goal.id} goal={goal} shown={goal.id === shown?.id} />
        ))}
      </ul>
    </nav>
  );
}
