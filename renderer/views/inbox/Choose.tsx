import type { Negotiation } from '#protocol/model/conversation/negotiation.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Version } from '../inspector/messages/Negotiated.tsx';

/** The case of two who do not agree: every proposal word for word, each with the button that lets it hold. */
export function Choose({
  goal,
  negotiation,
  onChoose,
}: {
  readonly goal: Goal;
  readonly negotiation: Negotiation;
  readonly onChoose: (version: number) => void;
}) {
  return (
    <section aria-label={t('negotiation:choose')}>
      <h3>{t('negotiation:choose')}</h3>
      <ol className="bare inbox-choices">
        {negotiation.proposals.map((proposal) => (
          <li key={proposal.version}>
            <Version goal={goal} proposal={proposal} holds={false} />
            <Button onClick={() => onChoose(proposal.version)}>
              {t('negotiation:choice', { version: proposal.version })}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  );
}
