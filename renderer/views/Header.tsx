import { formatUsd } from '#protocol/model/money.ts';
import { stopGoal } from '../store/actions.ts';
import { useLink, useWorld } from '../store/world-store.ts';

const LINK_TEXT = {
  connecting: 'Connecting…',
  online: 'Connected',
  offline: 'Offline, reconnecting…',
  login: 'Not logged in',
} as const;

function Spend() {
  const spent = useWorld((world) => world.budgets.nodes['company/real']?.spent ?? 0) ?? 0;
  const reserved = useWorld((world) => world.budgets.nodes['company/real']?.reserved ?? 0) ?? 0;
  return (
    <span className="figures">
      Spent {formatUsd(spent)}
      {reserved > 0 && `, ${formatUsd(reserved)} reserved`}
    </span>
  );
}

function StopAll() {
  const goals = useWorld((world) => world.goals);
  const open = Object.values(goals ?? {}).filter(
    (goal) => goal.status && !['accepted', 'stopped', 'ready'].includes(goal.status),
  );
  const stopAll = () => {
    if (
      confirm(
        `Stop ${open.length === 1 ? 'the open goal' : `all ${open.length} open goals`}? Work that is committed stays.`,
      )
    )
      for (const goal of open) void stopGoal(goal.id);
  };
  return (
    <button type="button" className="danger" disabled={open.length === 0} onClick={stopAll}>
      Stop all
    </button>
  );
}

/** Always in sight: whether we are connected, what it costs, the brake. */
export function Header() {
  const { state } = useLink();
  return (
    <>
      <header className="bar">
        <h1>AIOS</h1>
        <span className={`link ${state}`} role="status">
          {LINK_TEXT[state]}
        </span>
        <span className="space" />
        <Spend />
        <StopAll />
      </header>
      {state === 'offline' && (
        <div className="banner" role="alert">
          The orchestrator cannot be reached. What you see may be old; nothing is lost, and this page reconnects by
          itself.
        </div>
      )}
    </>
  );
}
