import { GitMerge } from 'lucide-react';
import { useState } from 'react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { tell, tellFault } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { useText } from '../../store/shown.ts';
import { Button } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';

async function accept(goal: Goal): Promise<void> {
  const answered = await send((client, command) => client.goals.accept({ goal: goal.id, command }));
  if (!answered.ok) return;
  const { result, detail, commit } = answered.value;
  if (result === 'accepted') tell(t('review:accepted', { target: goal.target, commit: commit?.slice(0, 8) ?? '' }));
  // The detail says why, and prints the command that does it by hand; it also stays in the view.
  else tellFault({ tag: 'not-accepted', what: t('review:refusedTitle'), why: detail, next: t('review:refusedNext') });
}

/** Brings the goal's branch into the CEO's, after asking. */
export function AcceptButton({ goal }: { readonly goal: Goal }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="primary" icon={GitMerge} disabled={goal.accepting} onClick={() => setAsking(true)}>
        {t('review:accept')}
      </Button>
      {asking && (
        <Confirm
          title={t('review:acceptTitle')}
          action={t('review:acceptDo')}
          onDo={() => void accept(goal)}
          onClose={() => setAsking(false)}
        >
          <p>{t('review:acceptWhat', { branch: goal.branch, target: goal.target })}</p>
        </Confirm>
      )}
    </>
  );
}

/** Why accepting was refused the last time, to act on. Nothing when it was not. */
export function Refusal({ goal }: { readonly goal: Goal }) {
  const detail = useText(goal.acceptance?.result === 'refused' ? goal.acceptance.detail : null);
  if (goal.acceptance?.result !== 'refused' || goal.status !== 'ready') return null;
  return (
    <div className="fault" role="alert">
      <strong>{t('review:refusedTitle')}</strong>
      <pre className="review-detail">{detail}</pre>
      <span>{t('review:refusedNext')}</span>
    </div>
  );
}
