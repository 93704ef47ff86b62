import { Pause, Play, Square } from 'lucide-react';
import { memo, useState } from 'react';
import { describeGoal, describeTask, type Standing, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { goTo } from '../../../store/view-store.ts';
import { useIsPast, useWorld, worldNow } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Confirm } from '../../../ui/Confirm.tsx';
import { StateMark } from '../../../ui/StateMark.tsx';
import { useAtMost } from '../../../ui/use-at-most.ts';
import { Ago, Line, Prose } from '../../../ui/Words.tsx';
import { AcceptButton } from '../../review/AcceptButton.tsx';
import { WhyBlock } from '../../why/WhyBlock.tsx';
import { PlanFile } from '../plan/PlanFile.tsx';
import { Facts, Section, Spend } from './Parts.tsx';
import { Pictures } from './Pictures.tsx';

function Actions({ goal }: { readonly goal: Goal }) {
  const [stopping, setStopping] = useState(false);
  const over = goal.status === 'accepted' || goal.status === 'stopped';
  const of = { goal: goal.id };
  const again = goal.paused || goal.status === 'stopped';
  return (
    <div className="inspect-actions">
      {goal.status === 'ready' && <AcceptButton goal={goal} />}
      {again && (
        <Button icon={Play} onClick={() => void send((client, command) => client.goals.continue({ ...of, command }))}>
          {t('commands.continue')}
        </Button>
      )}
      {!over && !goal.paused && (
        <Button icon={Pause} onClick={() => void send((client, command) => client.goals.pause({ ...of, command }))}>
          {t('commands.pause')}
        </Button>
      )}
      {!over && (
        <Button look="danger" icon={Square} onClick={() => setStopping(true)}>
          {t('commands.stopGoal')}
        </Button>
      )}
      {stopping && (
        <Confirm
          title={t('inspector:stopTitle')}
          action={t('commands.stopGoal')}
          onDo={() => void send((client, command) => client.goals.stop({ ...of, command }))}
          onClose={() => setStopping(false)}
        >
          <p>{t('inspector:stopWhat')}</p>
        </Confirm>
      )}
    </div>
  );
}

const ORDER: readonly Standing[] = ['needs-you', 'failed', 'running', 'waiting', 'idle', 'done'];

/** Why a task stands still is found out for each, which takes a while for thousands. */
const COUNT_EVERY_MS = 500;

/** How many tasks stand how. */
const Plan = memo(function Plan({ goal }: { readonly goal: Goal }) {
  const textOf = textsIn(worldNow()?.texts ?? {});
  const counts = new Map<Standing, number>();
  const tasks = Object.values(goal.tasks).filter(({ kind, status }) => kind === 'work' && status !== 'cancelled');
  for (const task of tasks) {
    const { standing } = describeTask(goal, task, textOf);
    counts.set(standing, (counts.get(standing) ?? 0) + 1);
  }
  const done = tasks.filter(({ status }) => status === 'done').length;
  const label = t('header.progress', { done, total: tasks.length });
  return (
    <Section title={t('inspector:plan')}>
      {tasks.length === 0 ? (
        <p className="quiet">{t('inspector:noTasks')}</p>
      ) : (
        <>
          <p className="figures">{label}</p>
          <div className="bar" aria-hidden>
            <span style={{ width: `${(done / tasks.length) * 100}%` }} />
          </div>
          <p className="inspect-counts">
            {ORDER.filter((standing) => counts.has(standing)).map((standing) => (
              <span key={standing} className="row">
                <StateMark standing={standing} /> <span className="figures">{counts.get(standing)}</span>
              </span>
            ))}
          </p>
        </>
      )}
    </Section>
  );
});

/** The goal itself, when nothing of it is selected. */
export function GoalOverview({ goal }: { readonly goal: Goal }) {
  const text = useText(goal.text);
  const past = useIsPast();
  const project = useWorld((world) => world.projects[goal.project] ?? null);
  const { standing, why } = describeGoal(goal);
  const counted = useAtMost(goal, COUNT_EVERY_MS);
  return (
    <>
      <p className="inspect-sentence">
        <StateMark standing={standing} bare={why.startsWith(standing)} /> <span className="inspect-why">{why}</span>
        <small className="figures">
          <Ago at={goal.endedAt ?? goal.statedAt} />
        </small>
      </p>
      <WhyBlock goal={goal} subject={{ kind: 'goal', id: goal.id }} />
      {!past && <Actions goal={goal} />}
      <Section title={t('inspector:goal')}>
        <div className="inspect-brief">
          <Prose text={text} />
        </div>
      </Section>
      <Pictures goal={goal.id} />
      <Plan goal={counted.id === goal.id ? counted : goal} />
      {goal.solo === null && <PlanFile goal={goal} />}
      <Section title={t('inspector:money')}>
        <Spend goal={goal.id} attempt={null} fallback={goal.limits.goalNanos} fixed={goal.status === 'accepted'} />
      </Section>
      <Section
        title={t('inspector:where')}
        aside={
          <Button look="bare" onClick={() => goTo('review')}>
            {t('inspector:openReview')}
          </Button>
        }
      >
        <Facts
          facts={[
            [t('inspector:project'), <Line key="project" text={project?.path ?? goal.project} />],
            [t('inspector:branch'), <code key="branch">{goal.branch}</code>],
            [t('inspector:base'), <code key="base">{goal.base.slice(0, 12)}</code>],
            [t('inspector:target'), <code key="target">{goal.target}</code>],
            [t('inspector:verify'), <code key="verify">{project?.verify ?? t('inspector:none')}</code>],
          ]}
        />
      </Section>
      <Section title={t('inspector:limits')}>
        <Facts
          facts={[
            [t('inspector:perRun'), formatUsd(goal.limits.runNanos)],
            [t('inspector:attemptsMost'), goal.limits.attempts],
            [t('inspector:turns'), goal.limits.turns],
            [t('inspector:minutes'), t('inspector:minutesValue', { count: goal.limits.minutes })],
          ]}
        />
      </Section>
    </>
  );
}
