import { Scale } from 'lucide-react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { useText } from '../../store/shown.ts';
import { setOverlay, showGoal } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Line } from '../../ui/Words.tsx';
import { isRelative, othersOf } from './others.ts';

function Row({ other }: { readonly other: Goal }) {
  const text = useText(other.text);
  return (
    <li className="row list-row">
      <button type="button" className="inspect-link grow" onClick={() => showGoal(other.id)}>
        <Line text={text} most={120} />
      </button>
      <span className="quiet">{other.status}</span>
      <Button icon={Scale} onClick={() => setOverlay({ kind: 'compare', other: other.id })}>
        {t('fork:compare')}
      </Button>
    </li>
  );
}

/** The goal this one comes from, and its forks, each a click from being compared. Nothing where there are none. */
export function Forks({ goal }: { readonly goal: Goal }) {
  const goals = useWorld((world) => world.goals) ?? {};
  const relatives = othersOf(goals, goal).filter((other) => isRelative(goal, other));
  if (relatives.length === 0) return null;
  return (
    <section aria-label={t('fork:forks')}>
      <h2>{t('fork:forks')}</h2>
      <ul className="bare">
        {relatives.map((other) => (
          <Row key={other.id} other={other} />
        ))}
      </ul>
    </section>
  );
}
