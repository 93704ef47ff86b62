import { ShieldAlert } from 'lucide-react';
import type { Intervention } from '#protocol/model/goal/guard.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { Ago, Prose } from '../../../ui/Words.tsx';
import { Section } from '../overview/Parts.tsx';
import './plan.css';

function One({ one }: { readonly one: Intervention }) {
  const evidence = useText(one.evidence);
  return (
    <li className="column">
      <span className="row">
        <ShieldAlert size={14} aria-hidden />
        <span className="grow">
          {t(`plan:guard.${one.guard}`)}: {t(`plan:action.${one.action}`)}
        </span>
        <small>
          <Ago at={one.at} /> {t('inspector:ago')}
        </small>
      </span>
      <section className="inspect-detail" aria-label={t('plan:evidence')}>
        <Prose text={evidence} most={2_000} />
      </section>
    </li>
  );
}

/** What guards did to these attempts, newest first, with what they saw. Nothing where nothing was done. */
export function SteppedIn({ goal, attempts }: { readonly goal: Goal; readonly attempts: readonly string[] }) {
  const all = attempts.flatMap((id) => goal.interventions[id] ?? []).sort((one, other) => other.at - one.at);
  if (all.length === 0) return null;
  return (
    <Section title={t('plan:stepped')}>
      <ul className="bare column">
        {all.map((one) => (
          <One key={`${one.guard} ${one.at}`} one={one} />
        ))}
      </ul>
    </Section>
  );
}
