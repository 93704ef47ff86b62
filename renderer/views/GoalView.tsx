import { describeGoal, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { acceptGoal, setPaused, stopGoal } from '../store/actions.ts';
import { useWorld } from '../store/world-store.ts';
import { Agents } from './Agents.tsx';
import { Messages } from './Messages.tsx';
import { StateMark } from './StateMark.tsx';
import { useShownGoal } from './shown-goal.ts';
import { Tasks } from './Tasks.tsx';

function GoalSpend({ goal }: { readonly goal: Goal }) {
  const node = useWorld((world) => world.budgets.nodes[`goal/${goal.id}`]);
  const cap = node?.cap ?? goal.limits.goalNanos;
  const spent = node?.spent ?? 0;
  return (
    <label className="figures">
      {formatUsd(spent)} of {formatUsd(cap)} <meter min={0} max={Math.max(cap, 1)} value={spent} />
    </label>
  );
}

function Controls({ goal }: { readonly goal: Goal }) {
  const over = goal.status === 'accepted' || goal.status === 'stopped';
  const moving = !over && goal.status !== 'ready';
  return (
    <span className="controls">
      {goal.status === 'ready' && (
        <button type="button" className="primary" disabled={goal.accepting} onClick={() => void acceptGoal(goal.id)}>
          Accept into {goal.target || 'my branch'}
        </button>
      )}
      {moving && (
        <button type="button" onClick={() => void setPaused(goal.id, !goal.paused)}>
          {goal.paused ? 'Continue' : 'Pause'}
        </button>
      )}
      {!over && (
        <button type="button" className="danger" onClick={() => void stopGoal(goal.id)}>
          Stop
        </button>
      )}
    </span>
  );
}

/** One goal: how it stands, its tasks, agents and messages. */
export function GoalView() {
  const goal = useShownGoal();
  const text = useWorld((world) => textsIn(world.texts)(goal?.text ?? null)) ?? '';
  if (!goal) return <section className="panel wide" aria-label="Goal" />;
  const { standing, why } = describeGoal(goal);
  return (
    <section className="panel wide" aria-label="Goal">
      <div className="goal-head">
        <h2>
          <StateMark standing={standing} /> <bdi>{text}</bdi>
        </h2>
        <p aria-live="polite">
          {why} · branch <code>{goal.branch}</code>
          {goal.ledger === 'rehearsal' && <em className="label">Demo crew, scripted model, no key</em>}
        </p>
        <div className="bar">
          <GoalSpend goal={goal} />
          <span className="space" />
          <Controls goal={goal} />
        </div>
      </div>
      <Tasks goal={goal} />
      <Agents goal={goal} />
      <Messages goal={goal} />
    </section>
  );
}
