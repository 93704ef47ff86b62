import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { ReactNode } from 'react';
import { actorName, describeGoal } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { t } from '../../i18n/index.ts';
import { useGoalName, useText } from '../../store/shown.ts';
import { showGoal } from '../../store/view-store.ts';
import { StateMark } from '../../ui/StateMark.tsx';
import { Line } from '../../ui/Words.tsx';
import { mergeQueueOf, useReview } from './state.ts';

function Entry({ goal, shown }: { readonly goal: Goal; readonly shown: boolean }) {
  const text = useGoalName(goal);
  const { standing, why } = describeGoal(goal);
  return (
    <li>
      <button
        type="button"
        className="review-entry"
        aria-current={shown ? 'true' : undefined}
        onClick={() => {
          showGoal(goal.id);
          useReview.setState({ attempt: null });
        }}
      >
        <span className="row">
          <StateMark standing={standing} bare />
          <Line text={text} most={120} />
        </span>
        <small className="line-of-text">{why}</small>
      </button>
    </li>
  );
}

/** One attempt, whose changes are a click away. */
function Work({ goal, attempt, mark }: { readonly goal: Goal; readonly attempt: Attempt; readonly mark: ReactNode }) {
  const title = useText(goal.tasks[attempt.task]?.title);
  const shown = useReview((state) => state.attempt === attempt.id);
  return (
    <li>
      <button
        type="button"
        className="review-entry"
        aria-current={shown ? 'true' : undefined}
        title={t('review:show')}
        onClick={() => useReview.setState({ attempt: shown ? null : attempt.id })}
      >
        <span className="row">
          {mark}
          <Line text={title} most={120} />
        </span>
        <small className="line-of-text">{actorName(goal, attempt.agent)}</small>
      </button>
    </li>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2 className="review-group">{title}</h2>
      <ul className="bare">{children}</ul>
    </section>
  );
}

/** Whether the whole passed its check, and at which commit. */
export function Verified({ goal }: { readonly goal: Goal }) {
  const running = goal.status === 'verifying';
  const Icon = running ? CircleDashed : goal.tip === null ? CircleAlert : CircleCheck;
  return (
    <span className="mark" data-standing={running ? 'running' : goal.tip === null ? 'waiting' : 'done'}>
      <Icon size={14} aria-hidden />
      {running
        ? t('inspector:checking')
        : goal.tip === null
          ? t('review:unverifiedWhole')
          : t('review:verified', { commit: goal.tip.slice(0, 8) })}
    </span>
  );
}

/** What is ready, in the queue, in conflict, and waits for the CEO's look. */
export function Side({ goals, goal }: { readonly goals: readonly Goal[]; readonly goal: Goal }) {
  const open = Object.values(goal.attempts).filter(({ status }) => !ATTEMPT_OVER.has(status));
  const looks = open.filter(({ wait }) => wait?.cause === 'unverified');
  const conflicts = open.filter(({ wait }) => wait?.cause === 'conflict');
  const queue = mergeQueueOf(goal);
  return (
    <nav className="review-side" aria-label={t('review:goals')}>
      <Group title={t('review:goals')}>
        {goals.map((each) => (
          <Entry key={each.id} goal={each} shown={each.id === goal.id} />
        ))}
      </Group>
      {looks.length > 0 && (
        <Group title={t('review:looks')}>
          {looks.map((attempt) => (
            <Work key={attempt.id} goal={goal} attempt={attempt} mark={<StateMark standing="needs-you" bare />} />
          ))}
        </Group>
      )}
      {conflicts.length > 0 && (
        <Group title={t('review:conflicts')}>
          {conflicts.map((attempt) => (
            <Work key={attempt.id} goal={goal} attempt={attempt} mark={<StateMark standing="failed" bare />} />
          ))}
        </Group>
      )}
      <Group title={t('review:queue')}>
        {queue.length === 0 && <li className="review-none quiet">{t('review:queueNone')}</li>}
        {queue.map(({ attempt, merging }, index) => {
          const record = goal.attempts[attempt];
          const mark = (
            <span key="mark" className="figures quiet">
              {t('review:position', { n: index + 1 })} {merging ? t('review:merging') : t('review:waits')}
            </span>
          );
          return record ? <Work key={attempt} goal={goal} attempt={record} mark={mark} /> : null;
        })}
      </Group>
    </nav>
  );
}
