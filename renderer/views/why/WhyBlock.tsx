import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf } from '#protocol/model/goal/why.ts';
import { keyOf, type WhySubject } from '#protocol/model/goal/why-parts.ts';
import { type SaidLink, sayWhy } from '#protocol/model/goal/why-words.ts';
import { t } from '../../i18n/index.ts';
import { select } from '../../store/view-store.ts';
import { useIsPast, worldNow } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { Ago, Line } from '../../ui/Words.tsx';
import { act } from './act.ts';
import './why.css';

/** Where a step of the chain is shown; null where it has no place of its own. */
function nodeOf(goal: Goal, { kind, id }: WhySubject): string | null {
  if (kind === 'task' || kind === 'agent') return `${kind}:${id}`;
  const task = goal.attempts[id]?.task ?? goal.items[id]?.task;
  return task ? `task:${task}` : null;
}

function Step({ goal, link }: { readonly goal: Goal; readonly link: SaidLink }) {
  const node = nodeOf(goal, link.subject);
  const name = <Line text={link.name} most={80} />;
  return (
    <li>
      {node === null ? (
        <strong>{name}</strong>
      ) : (
        <button type="button" className="inspect-link why-name" onClick={() => select([node])}>
          {name}
        </button>
      )}{' '}
      <span className="why-says">
        <Line text={link.sentence} most={200} />
      </span>{' '}
      <small className="figures">
        <Ago at={link.since} />
      </small>
    </li>
  );
}

/** Why something does not move: the chain down to the root, whose turn it is, and a button for what helps. */
export function WhyBlock({ goal, subject }: { readonly goal: Goal; readonly subject: WhySubject }) {
  const past = useIsPast();
  const why = whyOf(goal, subject);
  if (!why) return null;
  const said = sayWhy(goal, why, textsIn(worldNow()?.texts ?? {}));
  return (
    <section className="why" id="why" tabIndex={-1} aria-label={t('insight:why.title')}>
      <ol className="bare why-chain">
        {said.chain.map((link) => (
          // A circle comes back to where it began, so a subject may stand twice; only the last waits for nothing.
          <Step key={`${keyOf(link.subject)} ${link.on.length}`} goal={goal} link={link} />
        ))}
      </ol>
      <div className="row why-turn">
        <span className="chip" data-owner={why.owner === 'ceo' ? 'ceo' : 'other'}>
          <Line text={said.ownerSays} most={60} />
        </span>
        {why.action.do === 'wait' || past ? (
          <small>
            <Line text={said.actionSays} />
          </small>
        ) : (
          <Button look={why.owner === 'ceo' ? 'primary' : 'normal'} onClick={() => act(goal, why.action)}>
            {capital(plainLine(said.actionSays, 90))}
          </Button>
        )}
      </div>
    </section>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
