import { FileDiff, Network } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useShallow } from 'zustand/shallow';
import { IF_NOTHING } from '#protocol/model/goal/answers.ts';
import { t } from '../../i18n/index.ts';
import { useGoalName, useText } from '../../store/shown.ts';
import { useQuery } from '../../store/use-query.ts';
import { goTo, openTab, select, showGoal } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { plain } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { PlanLines } from '../../ui/PlanLines.tsx';
import { Empty } from '../../ui/States.tsx';
import { Ago, Line, Prose } from '../../ui/Words.tsx';
import { Answers } from './Answers.tsx';
import { DeadLetters } from './DeadLetters.tsx';
import { type Queued, queueOf, shownIn } from './queue.ts';
import { useInbox } from './state.ts';
import { Today } from './Today.tsx';
import './commands.ts';
import './inbox.css';

/** Items about work whose difference helps to decide. */
const WITH_DIFF: ReadonlySet<Queued['item']['kind']> = new Set(['unverified', 'conflict', 'review']);

/** Texts longer than this come cut with the feed; the whole is asked for. */
const CUT_AT = 20_000;

/** A long command has to be read to its end by keyboard, too. */
const SCROLLS = { tabIndex: 0 } as const;

function agentOf({ goal, item }: Queued): string {
  const attempt = goal.attempts[item.attempt ?? ''];
  return goal.agents[attempt?.agent ?? '']?.name ?? t('inbox:system');
}

function Row({ queued, shown }: { readonly queued: Queued; readonly shown: boolean }) {
  const { goal, item } = queued;
  const title = useText(item.title);
  const goalText = useGoalName(goal);
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (shown) row.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  return (
    <li>
      <button
        ref={row}
        type="button"
        className="inbox-row"
        aria-current={shown ? 'true' : undefined}
        onClick={() => useInbox.setState({ item: item.id, narrowing: false })}
      >
        <span className="row">
          <span className="chip">{t(`inbox:kind.${item.kind}`)}</span>
          <Line text={agentOf(queued)} most={40} />
          <span className="grow" />
          <small>
            <Ago at={item.openedAt} />
          </small>
        </span>
        <Line text={title} />
        <small className="line-of-text">
          <Line text={goalText} most={100} />
        </small>
      </button>
    </li>
  );
}

/** The exact command, diff, question or output an item is about: whole, however long. */
function useDetail(queued: Queued): string {
  const ref = queued.item.detail;
  const shown = useText(ref);
  const whole = useQuery(
    (client) => (ref && shown.length > CUT_AT ? client.feed.text({ id: ref.id }) : Promise.resolve({ text: shown })),
    `${ref?.id ?? ''}:${shown.length}`,
  ).answer;
  return whole?.ok ? whole.value.text : shown;
}

function Detail({ queued }: { readonly queued: Queued }) {
  const { goal, item } = queued;
  const title = useText(item.title);
  const detail = useDetail(queued);
  const taskTitle = useText(goal.tasks[item.task ?? '']?.title);
  const show = (tab?: 'changes') => {
    showGoal(goal.id);
    goTo('graph');
    if (item.task !== null) select([`task:${item.task}`]);
    if (tab) openTab(tab);
  };
  return (
    <article className="inbox-detail" aria-label={t(`inbox:kind.${item.kind}`)}>
      <header className="row">
        <span className="chip">{t(`inbox:kind.${item.kind}`)}</span>
        <Line text={agentOf(queued)} most={60} />
        {taskTitle !== '' && taskTitle !== title && (
          <small className="line-of-text">
            <Line text={taskTitle} most={120} />
          </small>
        )}
        <span className="grow" />
        <small>
          <Ago at={item.openedAt} />
        </small>
      </header>
      <h2>
        <Prose text={title} />
      </h2>
      {detail !== '' && item.about === undefined && (
        <section className="inbox-exact" aria-label={t('inbox:exact')} {...SCROLLS}>
          <pre>
            {item.kind === 'plan-edit' ? (
              <PlanLines lines={detail.split('\n')} />
            ) : (
              plain(detail, Number.POSITIVE_INFINITY)
            )}
          </pre>
        </section>
      )}
      <div className="row">
        {item.task !== null && (
          <Button icon={Network} onClick={() => show()}>
            {t('inbox:show')}
          </Button>
        )}
        {item.attempt !== null && WITH_DIFF.has(item.kind) && (
          <Button icon={FileDiff} onClick={() => show('changes')}>
            {t('inbox:diff')}
          </Button>
        )}
      </div>
      <Answers key={item.id} queued={queued} command={detail} />
      <p className="quiet">{t('inbox:ifNothing', { what: IF_NOTHING[item.kind] })}</p>
    </article>
  );
}

/** The day in a line, and one queue for everything that needs the CEO. */
export default function InboxView() {
  return (
    <div className="inbox-page">
      <Today />
      <Queue />
    </div>
  );
}

function Queue() {
  const queue = useWorld(useShallow((world) => queueOf(world.goals).flatMap(({ goal, item }) => [goal, item]))) ?? [];
  const { item: chosen, place } = useInbox();
  const goals = useWorld((world) => world.goals) ?? {};
  const all = queue.length === 0 ? [] : queueOf(goals);
  const shown = shownIn(all, chosen, place);
  if (!shown)
    return (
      <Empty title={t('inbox:none')}>
        <p>{t('inbox:noneWhy')}</p>
        <DeadLetters />
      </Empty>
    );
  return (
    <div className="inbox">
      <section aria-label={t('inbox:list')} className="inbox-list">
        <h2 className="inbox-count">{t('inbox:count', { count: all.length })}</h2>
        <ol className="bare">
          {all.map((queued) => (
            <Row key={queued.item.id} queued={queued} shown={queued.item.id === shown.item.id} />
          ))}
        </ol>
        <DeadLetters />
      </section>
      <Detail key={shown.item.id} queued={shown} />
    </div>
  );
}
