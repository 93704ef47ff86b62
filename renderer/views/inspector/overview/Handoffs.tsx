import { useState } from 'react';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { Handoff } from '#protocol/model/goal/trail.ts';
import { t } from '../../../i18n/index.ts';
import { useQuery } from '../../../store/use-query.ts';
import { FaultBox } from '../../../ui/States.tsx';
import { Ago, Line, Prose } from '../../../ui/Words.tsx';
import { Section } from './Parts.tsx';

/** Longest packet that is laid out, characters. */
const MOST = 40_000;

/** The words of a packet, asked for when it is opened. */
function Packet({ goal, attempt, index }: { readonly goal: string; readonly attempt: string; readonly index: number }) {
  const key = `${goal}.${attempt}.${index}`;
  const { answer } = useQuery((client) => client.goals.packets({ goal, attempt }), key);
  if (answer?.ok === false) return <FaultBox fault={answer.error} />;
  const text = answer?.value[index]?.text ?? '';
  return text === '' ? <p className="quiet">{t('inspector:packetMaking')}</p> : <Prose text={text} most={MOST} />;
}

interface Row {
  readonly goal: Goal;
  readonly attempt: Attempt;
  readonly handoff: Handoff;
  readonly index: number;
}

function HandoffRow({ goal, attempt, handoff, index }: Row) {
  const [open, setOpen] = useState(false);
  const from = actorName(goal, handoff.from).slice(0, 60);
  const why = t(`inspector:handoffCause.${handoff.cause}`);
  const words =
    handoff.from === handoff.to
      ? t('inspector:handedToFresh', { from, why })
      : t('inspector:handedOver', { from, to: actorName(goal, handoff.to).slice(0, 60), why });
  return (
    <li className="column">
      <p className="row">
        <span className="grow">
          <Line text={words} />
        </span>
        <small className="figures">
          <Ago at={handoff.at} />
        </small>
      </p>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('inspector:packet')}</summary>
        {open && <Packet goal={goal.id} attempt={attempt.id} index={index} />}
      </details>
    </li>
  );
}

/** By whom an attempt was taken over, why, and from what; nothing where it never was. */
export function Handoffs({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt }) {
  const { handoffs } = attempt.trail;
  if (handoffs.length === 0) return null;
  return (
    <Section title={t('inspector:handoffs')}>
      <ul className="bare">
        {handoffs.map((handoff, index) => (
          // A handoff has no name of its own; the list only grows.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <HandoffRow key={`${attempt.id}-${index}`} goal={goal} attempt={attempt} handoff={handoff} index={index} />
        ))}
      </ul>
    </Section>
  );
}
