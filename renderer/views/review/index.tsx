import { GitPullRequest, Undo2 } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import { describeGoal } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { useGoal, useGoalName, useText } from '../../store/shown.ts';
import { useIsPast, useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { ChangesPane } from '../inspector/changes/index.tsx';
import { AcceptButton, Refusal } from './AcceptButton.tsx';
import { BackDialog, PullDialog } from './Dialogs.tsx';
import { Side, Verified } from './Side.tsx';
import { isReviewable, reviewable, useReview } from './state.ts';
import './commands.ts';
import './review.css';
import '../inspector/inspector.css';

function Head({ goal }: { readonly goal: Goal }) {
  const text = useGoalName(goal);
  const past = useIsPast();
  const { standing, why } = describeGoal(goal);
  const over = goal.status === 'accepted';
  return (
    <header className="review-head">
      <div className="grow column review-what">
        <h2 className="line-of-text">
          <Line text={text} most={200} />
        </h2>
        <p className="review-facts">
          <StateMark standing={standing} /> <span>{why}</span>
          <Verified goal={goal} />
          <code className="line-of-text">{t('review:into', { branch: goal.branch, target: goal.target })}</code>
        </p>
      </div>
      {!past && (
        <div className="row">
          {!over && (
            <Button icon={Undo2} onClick={() => useReview.setState({ dialog: 'back' })}>
              {t('review:back')}
            </Button>
          )}
          <Button icon={GitPullRequest} onClick={() => useReview.setState({ dialog: 'pull' })}>
            {t('review:pull')}
          </Button>
          {goal.status === 'ready' && <AcceptButton goal={goal} />}
        </div>
      )}
    </header>
  );
}

function Shown({ goal }: { readonly goal: Goal }) {
  const chosen = useReview((state) => state.attempt);
  const dialog = useReview((state) => state.dialog);
  const attempt = goal.attempts[chosen ?? ''];
  const title = useText(goal.tasks[attempt?.task ?? '']?.title);
  const close = () => useReview.setState({ dialog: null });
  return (
    <section className="review-main">
      <Head goal={goal} />
      <Refusal goal={goal} />
      {attempt && (
        <p className="row change-note">
          <span className="grow line-of-text">
            <Line text={t('review:of', { title })} />
          </span>
          <Button onClick={() => useReview.setState({ attempt: null })}>{t('review:whole')}</Button>
        </p>
      )}
      <div className="review-changes">
        <ChangesPane key={attempt?.id ?? goal.id} goal={goal} attempt={attempt?.id ?? null} />
      </div>
      {dialog === 'pull' && <PullDialog goal={goal} onClose={close} />}
      {dialog === 'back' && <BackDialog goal={goal} onClose={close} />}
    </section>
  );
}

/** What is ready to merge, how it was verified, and how it leaves AIOS. */
export default function ReviewView() {
  const shown = useGoal();
  const goals = useWorld(useShallow((world) => reviewable(world.goals))) ?? [];
  const goal = shown && isReviewable(shown) ? shown : goals[0];
  if (!goal)
    return (
      <Empty title={t('review:none')}>
        <p>{t('review:noneWhy')}</p>
      </Empty>
    );
  return (
    <div className="review">
      <Side goals={goals} goal={goal} />
      <Shown key={goal.id} goal={goal} />
    </div>
  );
}
