import { Check, Gavel, Handshake, X } from 'lucide-react';
import { latestOf, type Negotiation, owes, type Proposal } from '#protocol/model/conversation/negotiation.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { plainLine } from '../../../text/plain.ts';
import { clockTime } from '../../../text/time.ts';
import { Line, Prose } from '../../../ui/Words.tsx';

const LONGEST = 4_000;

/** Names of agents in a line. */
export function namesOf(goal: Goal, ids: readonly string[]): string {
  return ids.map((id) => plainLine(actorName(goal, id), 40)).join(', ');
}

/** How a negotiation stands, with the colour and the words of it. */
export function standingOf(goal: Goal, negotiation: Negotiation): { readonly standing: string; readonly why: string } {
  const { ended, arbitration } = negotiation;
  if (ended?.outcome === 'withdrawn') return { standing: 'idle', why: t('negotiation:withdrawn') };
  if (ended?.outcome === 'agreed')
    return { standing: 'done', why: t('negotiation:agreed', { version: ended.version ?? 0 }) };
  if (ended) {
    const name = namesOf(goal, [ended.by]);
    const why =
      ended.version === null
        ? t('negotiation:decided', { name })
        : t('negotiation:decidedVersion', { name, version: ended.version });
    return { standing: 'done', why };
  }
  if (arbitration) {
    const cause = t(`negotiation:cause.${arbitration.cause}`);
    if (arbitration.arbiter === 'ceo') return { standing: 'needs-you', why: t('negotiation:ceoDecides', { cause }) };
    const name = namesOf(goal, [arbitration.arbiter]);
    return { standing: 'waiting', why: t('negotiation:arbitration', { name, cause }) };
  }
  return { standing: 'running', why: t('negotiation:open', { version: latestOf(negotiation)?.version ?? 1 }) };
}

/** What happens by itself, and when; empty once nothing does. */
function deadlineOf(goal: Goal, { ended, arbitration, arbiters, deadline }: Negotiation): string {
  const at = arbitration ? arbitration.until : deadline;
  if (ended || at === null) return '';
  const next = arbiters[arbitration?.stage ?? 0] ?? 'ceo';
  const time = clockTime(at);
  return next === 'ceo'
    ? t('negotiation:deadlineYou', { time })
    : t('negotiation:deadline', { name: namesOf(goal, [next]), time });
}

/** One version with its words and who stands by it. */
export function Version({
  goal,
  proposal,
  holds,
}: {
  readonly goal: Goal;
  readonly proposal: Proposal;
  readonly holds: boolean;
}) {
  const text = useText(proposal.text);
  return (
    <>
      <div className="row">
        <strong>{t('negotiation:version', { version: proposal.version })}</strong>
        <Line text={actorName(goal, proposal.by)} most={40} />
        {holds && <span className="chip">{t('negotiation:holds')}</span>}
        <span className="grow" />
        <time className="figures quiet">{clockTime(proposal.at)}</time>
      </div>
      <Prose text={text} most={LONGEST} />
      <div className="row quiet">
        <Check size={14} aria-hidden />
        <small>{t('negotiation:accepted', { names: namesOf(goal, proposal.accepted) })}</small>
        {proposal.rejected.length > 0 && (
          <>
            <X size={14} aria-hidden />
            <small>{t('negotiation:rejected', { names: namesOf(goal, proposal.rejected) })}</small>
          </>
        )}
      </div>
    </>
  );
}

/** A negotiation where it is talked about: how it stands, whose turn it is, every version, and whom it binds. */
export function Negotiated({ goal, negotiation }: { readonly goal: Goal; readonly negotiation: Negotiation }) {
  const subject = useText(negotiation.subject);
  const { standing, why } = standingOf(goal, negotiation);
  const { ended, arbitration, proposals, parties, binds } = negotiation;
  const missing = arbitration ? [] : parties.filter((party) => owes(negotiation, party));
  const deadline = deadlineOf(goal, negotiation);
  const bound = [...parties.map((id) => actorName(goal, id)), ...binds.roles, ...binds.paths];
  const Icon = arbitration ? Gavel : Handshake;
  return (
    <section className="talk-negotiation" aria-label={t('negotiation:title')}>
      <div className="row">
        <Icon size={14} aria-hidden />
        <strong className="line-of-text">
          <Line text={subject} />
        </strong>
        <span className="grow" />
        <small className="mark" data-standing={standing}>
          {why}
        </small>
      </div>
      <ol className="bare">
        {proposals.map((proposal) => (
          <li key={proposal.version}>
            <Version goal={goal} proposal={proposal} holds={ended?.version === proposal.version} />
          </li>
        ))}
      </ol>
      <small className="quiet">
        {[
          missing.length > 0 ? t('negotiation:waitsFor', { names: namesOf(goal, missing) }) : '',
          deadline,
          t('negotiation:binds', { names: plainLine(bound.join(', '), 200) }),
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </small>
    </section>
  );
}
