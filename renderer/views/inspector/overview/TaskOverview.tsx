import { Copy, GitFork, X } from 'lucide-react';
import { readWaitKey } from '#protocol/model/conversation/negotiation.ts';
import { actorName, describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { Boundary } from '#protocol/model/goal/fork.ts';
import { WITHOUT_AGENT } from '#protocol/model/goal/kinds.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { select, setOverlay } from '../../../store/view-store.ts';
import { useIsPast, useWorld, worldNow } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { copyText } from '../../../ui/copy.ts';
import { StateMark } from '../../../ui/StateMark.tsx';
import { Ago, Line, Prose } from '../../../ui/Words.tsx';
import { WhyBlock } from '../../why/WhyBlock.tsx';
import { HowItRuns } from '../plan/HowItRuns.tsx';
import { Judged } from '../plan/Judged.tsx';
import { SignalGate } from '../plan/SignalGate.tsx';
import { SteppedIn } from '../plan/SteppedIn.tsx';
import { useInspected } from '../state.ts';
import { Handoffs } from './Handoffs.tsx';
import { mayRevise, since } from './help.ts';
import { Loaded } from './Loaded.tsx';
import { Facts, Pulse, Section, Spend, useLive } from './Parts.tsx';
import { Rewrite } from './Rewrite.tsx';
import { Talk } from './Talk.tsx';
import { TaskActions } from './TaskActions.tsx';

/** The state of a task in a sentence, and since when. */
function Sentence({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  // The sentence names other tasks: their titles come with the same snapshot.
  const described = describeTask(goal, task, textsIn(worldNow()?.texts ?? {}));
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  const detail = useText(last?.wait?.detail ?? last?.detail);
  const note = useText(last?.note);
  return (
    <div className="column">
      <p className="inspect-sentence">
        <StateMark standing={described.standing} />{' '}
        <span className="inspect-why">
          <Line text={described.why} />
        </span>
        <small className="figures">
          <Ago at={since(goal, task)} />
        </small>
      </p>
      {detail !== '' && (
        <div className="inspect-detail">
          <Prose text={detail} most={2_000} />
        </div>
      )}
      {note !== '' && (
        <p className="quiet">
          {t('inspector:note')} <Line text={note} />
        </p>
      )}
    </div>
  );
}

function Dependency({ goal, task, on }: { readonly goal: Goal; readonly task: Task; readonly on: string }) {
  const other = goal.tasks[on];
  const title = useText(other?.title);
  const past = useIsPast();
  if (!other) return null;
  const described = describeTask(goal, other, textsIn(worldNow()?.texts ?? {}));
  return (
    <li className="row inspect-row">
      <StateMark standing={described.standing} bare />
      <button type="button" className="inspect-link grow" onClick={() => select([`task:${on}`])}>
        <Line text={title} />
      </button>
      {mayRevise(task) && !past && (
        <IconButton
          icon={X}
          name={t('inspector:unlink', { title: title.slice(0, 80) })}
          onClick={() =>
            void send((client, command) => client.plan.unlink({ goal: goal.id, task: task.id, on, command }))
          }
        />
      )}
    </li>
  );
}

/** Where a fork of this attempt begins: with its work, where that is merged, else as it began. */
function boundaryOf({ id, mergeCommit }: Attempt): Boundary {
  return { kind: mergeCommit === null ? 'attempt' : 'merge', attempt: id };
}

function AttemptRow({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt }) {
  const spent = useWorld((world) => world.budgets.nodes[`run/${attempt.id}`]?.spent ?? 0) ?? 0;
  const shown = useInspected((state) => state.attempt === attempt.id);
  const title = useText(goal.tasks[attempt.task]?.title);
  return (
    <li className="row inspect-row">
      <button
        type="button"
        className="inspect-link row grow"
        aria-pressed={shown}
        onClick={() => useInspected.setState({ attempt: attempt.id, run: null })}
      >
        <span className="figures">{t('inspector:attemptNumber', { number: attempt.number })}</span>
        <Line text={actorName(goal, attempt.agent)} most={60} />
        <span className="quiet">{t(`inspector:attemptStatus.${attempt.status}`)}</span>
      </button>
      {attempt.base !== null && (
        <IconButton
          icon={GitFork}
          name={t(`fork:hereAt.${attempt.mergeCommit === null ? 'attempt' : 'merge'}`, { task: plainLine(title, 50) })}
          onClick={() => setOverlay({ kind: 'fork', at: boundaryOf(attempt) })}
        />
      )}
      <small className="figures">{t('inspector:runs', { count: attempt.runs.length })}</small>
      <small className="figures inspect-money">{formatUsd(spent)}</small>
    </li>
  );
}

function Workspace({ path }: { readonly path: string }) {
  return (
    <div className="row">
      <code className="grow line-of-text" title={path}>
        <bdi>{path}</bdi>
      </code>
      <IconButton icon={Copy} name={t('inspector:copyPath')} onClick={() => copyText(path)} />
    </div>
  );
}

/** A task from every side that fits on one page. */
export function TaskOverview({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const attempts = task.attempts.flatMap((id) => goal.attempts[id] ?? []);
  const last = attempts.at(-1) ?? null;
  const live = useLive(last?.id ?? null);
  const needed = Object.values(goal.tasks).filter((each) => each.dependsOn.includes(task.id));
  const agent = goal.agents[last?.agent ?? ''];
  // A negotiation is not answered for somebody: it is ruled on, where it is shown.
  const on = last?.wait?.cause === 'answer' ? last.wait.on : null;
  const awaited = on === null || readWaitKey(on) ? null : on;
  const byAgent = !WITHOUT_AGENT.has(task.kind);
  return (
    <>
      <Sentence goal={goal} task={task} />
      <WhyBlock goal={goal} subject={{ kind: 'task', id: task.id }} />
      <TaskActions goal={goal} task={task} />
      {agent && (task.status === 'active' || task.status === 'unverified') && (
        <Section title={awaited === null ? t('inspector:talk', { name: agent.name }) : t('inspector:answerYourself')}>
          <Talk
            goal={goal.id}
            to={agent.id}
            name={agent.name}
            {...(awaited === null ? {} : { replyTo: { id: awaited, subject: t('inspector:answerSubject') } })}
          />
        </Section>
      )}
      <SignalGate task={task} />
      {byAgent && <Pulse live={live} done={t(`inspector:taskStatus.${task.status}`)} />}
      <Rewrite goal={goal.id} task={task} key={task.id} />
      <HowItRuns goal={goal} task={task} key={`how:${task.id}`} />
      {last && <Judged goal={goal} attempt={last} />}
      <SteppedIn goal={goal} attempts={task.attempts} />
      <Section title={t('inspector:dependsOn')}>
        {task.dependsOn.length === 0 && (
          <p className="quiet">{t(mayRevise(task) ? 'inspector:dependsOnNothing' : 'inspector:dependedOnNothing')}</p>
        )}
        <ul className="bare">
          {task.dependsOn.map((on) => (
            <Dependency key={on} goal={goal} task={task} on={on} />
          ))}
        </ul>
      </Section>
      {needed.length > 0 && (
        <Section title={t('inspector:neededBy')}>
          <ul className="bare">
            {needed.map((each) => (
              <Needed key={each.id} goal={goal} task={each} />
            ))}
          </ul>
        </Section>
      )}
      {byAgent && (
        <Section
          title={t('inspector:attempts', { made: attempts.length, most: task.spec?.attempts ?? goal.limits.attempts })}
        >
          {attempts.length === 0 && <p className="quiet">{t('inspector:noAttempts')}</p>}
          <ul className="bare">
            {attempts.map((attempt) => (
              <AttemptRow key={attempt.id} goal={goal} attempt={attempt} />
            ))}
          </ul>
        </Section>
      )}
      {last && <Handoffs goal={goal} attempt={last} />}
      {last && (
        <Section title={t('inspector:money')}>
          <Spend
            goal={goal.id}
            attempt={last.id}
            fallback={goal.limits.runNanos}
            fixed={ATTEMPT_OVER.has(last.status)}
          />
        </Section>
      )}
      <Section title={t('inspector:limits')}>
        <Facts
          facts={[
            ...(byAgent
              ? [
                  [t('inspector:assignee'), assigneeWords(goal, task)] as const,
                  [t('inspector:turns'), goal.limits.turns] as const,
                  [t('inspector:minutes'), t('inspector:minutesValue', { count: goal.limits.minutes })] as const,
                ]
              : []),
            [t('inspector:by'), actorName(goal, task.by)],
            ...(last
              ? [
                  [t('inspector:fixes'), t('inspector:ofMost', { n: last.fixes, most: goal.limits.fixes })] as const,
                  [
                    t('inspector:recoveries'),
                    t('inspector:ofMost', { n: last.recoveries, most: goal.limits.recoveries }),
                  ] as const,
                ]
              : []),
          ]}
        />
      </Section>
      {last?.workspace && !ATTEMPT_OVER.has(last.status) && (
        <Section title={t('inspector:workspace')}>
          <Workspace path={last.workspace} />
        </Section>
      )}
      {last && <Loaded goal={goal} attempt={last} />}
    </>
  );
}

function Needed({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const title = useText(task.title);
  const described = describeTask(goal, task, textsIn(worldNow()?.texts ?? {}));
  return (
    <li className="row inspect-row">
      <StateMark standing={described.standing} bare />
      <button type="button" className="inspect-link grow" onClick={() => select([`task:${task.id}`])}>
        <Line text={title} />
      </button>
    </li>
  );
}

function assigneeWords(goal: Goal, task: Task): string {
  const { assignee } = task;
  switch (assignee.kind) {
    case 'agent':
      return actorName(goal, assignee.agent);
    case 'role':
      return t('inspector:anyOfRole', { role: assignee.role });
    case 'anyone':
      return t('inspector:anyone');
    case 'nobody':
      return t('inspector:nobody');
  }
}
