import type { Brief } from '#protocol/model/brief.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import { sayAction } from '#protocol/model/goal/why-words.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { t } from '../../i18n/index.ts';
import { useQuery } from '../../store/use-query.ts';
import { useWorld, worldNow } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { FaultBox } from '../../ui/States.tsx';
import { Ago, Line } from '../../ui/Words.tsx';
import { act } from '../why/act.ts';

const DAY_MS = 24 * 60 * 60_000;
const MOST_ROWS = 12;

interface Row {
  readonly what: string;
  readonly title: PayloadRef | null;
  readonly at: number;
}

function Rows({
  brief,
  title,
  rows,
}: {
  readonly brief: Brief;
  readonly title: string;
  readonly rows: readonly Row[];
}) {
  const textOf = textsIn(brief.texts);
  return (
    <section>
      <h3>{title}</h3>
      {rows.length === 0 && <p className="quiet">{t('insight:brief.nothing')}</p>}
      <ul className="bare">
        {rows.slice(0, MOST_ROWS).map((row) => (
          <li key={`${row.at} ${row.what} ${row.title?.id ?? ''}`} className="row today-row">
            <span className="quiet">{row.what}</span>
            <Line text={textOf(row.title)} most={120} />
            <span className="grow" />
            <small className="figures">
              <Ago at={row.at} />
            </small>
          </li>
        ))}
      </ul>
      {rows.length > MOST_ROWS && <small>{t('insight:brief.more', { count: rows.length - MOST_ROWS })}</small>}
    </section>
  );
}

function Waits({ brief }: { readonly brief: Brief }) {
  const world = worldNow();
  const textOf = textsIn(brief.texts);
  return (
    <section>
      <h3>{t('insight:brief.waits')}</h3>
      {brief.waits.length === 0 && <p className="quiet">{t('insight:brief.nothing')}</p>}
      <ul className="bare">
        {brief.waits.slice(0, MOST_ROWS).map((each) => {
          const goal = world?.goals[each.goal];
          return (
            <li key={`${each.goal} ${each.title?.id ?? ''} ${each.since}`} className="row today-row">
              <Line text={textOf(each.title)} most={120} />
              <span className="grow" />
              {goal && (
                <Button look="bare" onClick={() => act(goal, each.action)}>
                  {sayAction(goal, each.action, textsIn(world?.texts ?? {}))}
                </Button>
              )}
              <small className="figures">
                <Ago at={each.since} />
              </small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Changes when the brief would: something ended, was asked, or was answered. */
const useTurn = () =>
  useWorld((world) => {
    let turn = 0;
    for (const goal of Object.values(world.goals)) {
      turn += goal.status === null ? 0 : goal.status.length;
      for (const item of Object.values(goal.items)) turn += item.closed === null ? 1 : 2;
      for (const task of Object.values(goal.tasks)) turn += task.endedAt === null ? 0 : 1;
    }
    return turn;
  }) ?? 0;

/** The last 24 hours in a line, and in full when it is opened. */
export function Today() {
  const { answer } = useQuery((client) => client.goals.brief({ sinceMs: DAY_MS }), `brief:${useTurn()}`);
  if (answer === null) return <p className="today quiet">{t('insight:brief.loading')}</p>;
  if (!answer.ok) return <FaultBox fault={answer.error} />;
  const brief = answer.value;
  const { done, decided, failed, waits, spent } = brief;
  const counts = { done: done.length, decided: decided.length, waits: waits.length, spent: formatUsd(spent.real) };
  const rehearsed = t('insight:brief.rehearsed', { spent: formatUsd(spent.rehearsal) });
  const row = (each: Brief['done'][number] | Brief['decided'][number] | Brief['failed'][number]): Row => ({
    what: t(`insight:brief.what.${each.what}`),
    title: each.title,
    at: each.at,
  });
  return (
    <details className="today">
      <summary>
        <strong>{t('insight:brief.title')}</strong>{' '}
        <span className="figures">{t('insight:brief.summary', counts)}</span>
      </summary>
      <div className="today-parts">
        <Rows brief={brief} title={t('insight:brief.done')} rows={done.map(row)} />
        <Rows brief={brief} title={t('insight:brief.decided')} rows={decided.map(row)} />
        <Rows brief={brief} title={t('insight:brief.failed')} rows={failed.map(row)} />
        <section>
          <h3>{t('insight:brief.spent')}</h3>
          <p className="figures">{t('insight:brief.realMoney', { spent: formatUsd(spent.real) })}</p>
          {spent.rehearsal > 0 && <p className="figures quiet">{rehearsed}</p>}
        </section>
        <Waits brief={brief} />
      </div>
    </details>
  );
}
