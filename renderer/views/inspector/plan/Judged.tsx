import { actorName } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { plainLine } from '../../../text/plain.ts';
import { Prose } from '../../../ui/Words.tsx';
import { Section } from '../overview/Parts.tsx';
import { whyOf } from './why.ts';

/** Why this agent got the attempt, and what its reviewer said of it. */
export function Judged({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt }) {
  const comments = useText(attempt.verdict?.comments);
  const why = whyOf(goal, attempt);
  const { verdict } = attempt;
  const name = verdict ? plainLine(actorName(goal, verdict.by), 60) : '';
  return (
    <>
      {why !== null && (
        <Section title={t('plan:why')}>
          <p>{why}</p>
        </Section>
      )}
      {verdict && (
        <Section title={t('plan:verdict')}>
          <p>{verdict.approved ? t('plan:verdictYes', { name }) : t('plan:verdictNo', { name })}</p>
          {comments !== '' && (
            <div className="inspect-detail">
              <Prose text={comments} most={4_000} />
            </div>
          )}
        </Section>
      )}
    </>
  );
}
