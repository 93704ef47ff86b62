import { CirclePause, Pause, Play, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { formatUsd, nanosFromUsd } from '#protocol/model/money.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { useQuery } from '../../../store/use-query.ts';
import { select } from '../../../store/view-store.ts';
import { useIsPast, useWorld, worldNow } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Confirm } from '../../../ui/Confirm.tsx';
import { StateMark } from '../../../ui/StateMark.tsx';
import { FaultBox } from '../../../ui/States.tsx';
import { Ago, Line } from '../../../ui/Words.tsx';
import { WhyBlock } from '../../why/WhyBlock.tsx';
import { SteppedIn } from '../plan/SteppedIn.tsx';
import { attemptsOf } from '../subject.ts';
import { Words } from './Loaded.tsx';
import { Facts, Pulse, Section, useLive } from './Parts.tsx';
import { Talk } from './Talk.tsx';

type Agent = Goal['agents'][string];

function Actions({ goal, agent, held }: { readonly goal: Goal; readonly agent: Agent; readonly held: string | null }) {
  const [asking, setAsking] = useState(false);
  const of = { goal: goal.id, agent: agent.id };
  const attempt = goal.attempts[held ?? ''];
  const paused = goal.pausedAgents.includes(agent.id);
  const runs = attempt?.status === 'running' || attempt?.status === 'queued';
  return (
    <div className="inspect-actions">
      {runs && (
        <Button
          icon={CirclePause}
          onClick={() => void send((client, command) => client.goals.interrupt({ ...of, command }))}
        >
          {t('inspector:help.interrupt', { name: agent.name })}
        </Button>
      )}
      {attempt?.wait?.cause === 'interrupted' && (
        <Button
          look="primary"
          icon={Play}
          onClick={() => void send((client, command) => client.goals.resume({ ...of, command }))}
        >
          {t('inspector:help.resume', { name: agent.name })}
        </Button>
      )}
      <Button
        icon={paused ? Play : Pause}
        onClick={() => void send((client, command) => client.plan.pauseAgent({ ...of, paused: !paused, command }))}
      >
        {paused ? t('inspector:unpauseAgent') : t('inspector:pauseAgent')}
      </Button>
      <Button look="danger" icon={UserMinus} onClick={() => setAsking(true)}>
        {t('inspector:dismissAgent')}
      </Button>
      {asking && (
        <Confirm
          title={t('inspector:dismissTitle', { name: agent.name })}
          action={t('inspector:dismissAgent')}
          onDo={() => void send((client, command) => client.plan.dismiss({ ...of, command }))}
          onClose={() => setAsking(false)}
        >
          <p>{t('inspector:dismissWhat')}</p>
        </Confirm>
      )}
    </div>
  );
}

/** What the role of an agent allows; it is enforced before each tool call. */
function May({ goal, role }: { readonly goal: string; readonly role: string }) {
  const { answer } = useQuery((client) => client.plan.roles({ goal }), goal);
  if (answer === null) return null;
  if (!answer.ok) return <FaultBox fault={answer.error} />;
  const found = answer.value.find((each) => each.role === role);
  if (!found) return <p className="quiet">{t('inspector:noRole')}</p>;
  const list = (all: readonly string[]) => (all.length === 0 ? t('inspector:none') : <Words all={all} />);
  return (
    <Facts
      facts={[
        [t('inspector:tools'), list(found.tools)],
        [t('inspector:writable'), list(found.writable)],
        [t('inspector:protected'), list(found.protected)],
        [t('inspector:cap'), found.capUsd === null ? t('inspector:ofGoal') : formatUsd(nanosFromUsd(found.capUsd))],
      ]}
    />
  );
}

function Current({ goal, task }: { readonly goal: Goal; readonly task: string }) {
  const record = goal.tasks[task];
  const title = useText(record?.title);
  if (!record) return null;
  const { standing, why } = describeTask(goal, record, textsIn(worldNow()?.texts ?? {}));
  return (
    <div className="row inspect-row">
      <StateMark standing={standing} bare />
      <button type="button" className="inspect-link grow" onClick={() => select([`task:${task}`])}>
        <Line text={title} />
      </button>
      <small className="line-of-text">
        <Line text={why} most={80} />
      </small>
    </div>
  );
}

/** An agent: what it is, what it does, what it may do, and how to speak to it. */
export function AgentOverview({ goal, agent }: { readonly goal: Goal; readonly agent: Agent }) {
  const past = useIsPast();
  const attempts = attemptsOf(goal, { kind: 'agent', id: agent.id });
  const open = attempts.filter(({ status }) => !ATTEMPT_OVER.has(status));
  const held = open.at(-1) ?? null;
  const live = useLive(held?.id ?? null);
  const usage = useWorld((world) => world.budgets.byAgent[agent.id] ?? null);
  const dismissed = goal.dismissed.includes(agent.id);
  const merged = attempts.filter(({ status }) => status === 'merged' || status === 'completed').length;
  const state = dismissed ? 'dismissed' : goal.pausedAgents.includes(agent.id) ? 'paused' : held ? 'works' : 'idle';
  return (
    <>
      <p className="inspect-sentence">
        <StateMark standing={live ? 'running' : held ? 'waiting' : 'idle'} />{' '}
        <span className="inspect-why">{t(`inspector:agentState.${state}`)}</span>
        {held && (
          <small className="figures">
            <Ago at={held.wait?.since ?? held.changedAt} />
          </small>
        )}
      </p>
      <WhyBlock goal={goal} subject={{ kind: 'agent', id: agent.id }} />
      {!past && !dismissed && <Actions goal={goal} agent={agent} held={held?.id ?? null} />}
      {!dismissed && (
        <Section title={t('inspector:talk', { name: agent.name })}>
          <Talk goal={goal.id} to={agent.id} name={agent.name} />
        </Section>
      )}
      <Section title={t('inspector:currentTasks')}>
        {open.length === 0 && <p className="quiet">{t('inspector:noTask')}</p>}
        {open.map(({ id, task }) => (
          <Current key={id} goal={goal} task={task} />
        ))}
      </Section>
      <Pulse live={live} done={t('inspector:doneOf', { done: merged, count: attempts.length })} />
      <SteppedIn goal={goal} attempts={attempts.map(({ id }) => id)} />
      <Section title={t('inspector:who')}>
        <Facts
          facts={[
            [t('inspector:role'), agent.role],
            [t('inspector:driver'), agent.driver],
            [t('inspector:model'), <Line key="model" text={agent.model} most={80} />],
            [t('inspector:spent'), formatUsd(usage?.nanos ?? 0)],
          ]}
        />
      </Section>
      <Section title={t('inspector:may')}>
        <May goal={goal.id} role={agent.role} />
      </Section>
    </>
  );
}
