import { History, ScrollText } from 'lucide-react';
import { useState } from 'react';
import type { Goal, Run } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { select } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { clockTime, span } from '../../text/time.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { Forks } from '../fork/Forks.tsx';
import { showTime } from './replay-store.ts';
import '../tables.css';

const COUNT = new Intl.NumberFormat();

interface Row {
  readonly run: Run;
  readonly agent: string;
  readonly task: string;
  readonly taskId: string;
  readonly number: number;
  readonly outcome: string;
}

function outcomeOf(run: Run): string {
  if (run.outcome !== null) return t(`runs:outcomes.${run.outcome}`);
  return run.status === 'running' ? t('runs:going') : t('runs:queued');
}

/** Every run of a goal, the newest first. */
function rowsOf(goal: Goal, texts: Readonly<Record<string, string>>): Row[] {
  return Object.values(goal.runs)
    .sort((one, other) => other.orderedAt - one.orderedAt)
    .map((run) => {
      const attempt = goal.attempts[run.attempt];
      const task = goal.tasks[attempt?.task ?? ''];
      return {
        run,
        agent: goal.agents[run.agent]?.name ?? run.agent,
        task: task ? (texts[task.title.id] ?? '…') : '',
        taskId: task?.id ?? '',
        number: attempt?.number ?? 1,
        outcome: outcomeOf(run),
      };
    });
}

function RunLine({ row }: { readonly row: Row }) {
  const { run } = row;
  const { usage } = run;
  const end = run.endedAt ?? Date.now();
  return (
    <tr>
      <td>
        <Line text={row.agent} most={40} />
      </td>
      <td>
        <button
          type="button"
          className="as-link line-of-text"
          onClick={() => select([`task:${row.taskId}`], 'overview')}
        >
          <Line text={row.task} most={90} />
        </button>
      </td>
      <td className="number">{row.number}</td>
      <td>{t(`runs:reasons.${run.reason}`)}</td>
      <td>{row.outcome}</td>
      <td className="number">{clockTime(run.startedAt ?? run.orderedAt)}</td>
      <td className="number">{run.startedAt === null ? '' : span(end - run.startedAt)}</td>
      <td className="number">
        {usage ? COUNT.format(usage.input + usage.output + usage.cacheRead + usage.cacheWrite) : ''}
      </td>
      <td>
        <IconButton
          icon={ScrollText}
          name={t('runs:transcript')}
          onClick={() => select([`task:${row.taskId}`], 'transcript')}
        />
        <IconButton
          icon={History}
          name={t('runs:goThere')}
          onClick={() => void showTime(run.startedAt ?? run.orderedAt)}
        />
      </td>
    </tr>
  );
}

/** Every run of the goal: why, by whom, how it ended, and what it took. */
export default function RunsView() {
  const goal = useGoal();
  const texts = useWorld((world) => world.texts) ?? {};
  const [words, setWords] = useState('');
  const rows = goal ? rowsOf(goal, texts) : [];
  if (rows.length === 0) return <Empty title={t('runs:none')}>{t('runs:noneWhy')}</Empty>;
  const wanted = words.toLowerCase();
  const found = rows.filter((row) => `${row.agent} ${row.task} ${row.outcome}`.toLowerCase().includes(wanted));
  return (
    <div className="sheet">
      <input
        type="search"
        className="input"
        placeholder={t('runs:filter')}
        aria-label={t('runs:filter')}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('runs:agent')}</th>
            <th scope="col">{t('runs:task')}</th>
            <th scope="col" className="number">
              {t('runs:attempt')}
            </th>
            <th scope="col">{t('runs:reason')}</th>
            <th scope="col">{t('runs:outcome')}</th>
            <th scope="col" className="number">
              {t('runs:started')}
            </th>
            <th scope="col" className="number">
              {t('runs:took')}
            </th>
            <th scope="col" className="number">
              {t('runs:tokens')}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {found.map((row) => (
            <RunLine key={row.run.id} row={row} />
          ))}
        </tbody>
      </table>
      {goal && <Forks goal={goal} />}
    </div>
  );
}
