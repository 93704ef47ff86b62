import { Plus } from 'lucide-react';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { runCommand } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { useGoal, useText } from '../../store/shown.ts';
import { useQuery } from '../../store/use-query.ts';
import { select, setOverlay, useView } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { COLUMNS, type Column, columnsOf } from './columns.ts';
import './board.css';

function ownerOf(goal: Goal, task: Task): string {
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  if (last) return goal.agents[last.agent]?.name ?? last.agent;
  const { assignee } = task;
  if (assignee.kind === 'agent') return goal.agents[assignee.agent]?.name ?? assignee.agent;
  return assignee.kind === 'role' ? assignee.role : '';
}

function Card({ goal, id }: { readonly goal: Goal; readonly id: string }) {
  const task = goal.tasks[id];
  const texts = useWorld((world) => world.texts) ?? {};
  const title = useText(task?.title);
  const selected = useView((view) => view.selection.includes(`task:${id}`));
  if (!task) return null;
  const { standing, why } = describeTask(goal, task, textsIn(texts));
  return (
    <li>
      <button
        type="button"
        className="board-card"
        aria-pressed={selected}
        onClick={() => select([`task:${id}`], 'overview')}
      >
        <span className="board-title">
          <Line text={title} most={200} />
        </span>
        <span className="row">
          <StateMark standing={standing} bare />
          <small className="line-of-text">
            <Line text={why} most={120} />
          </small>
        </span>
        <small className="row">
          <Line text={ownerOf(goal, task)} most={40} />
          <span className="grow" />
          {task.attempts.length > 1 && <span className="figures">×{task.attempts.length}</span>}
        </small>
      </button>
    </li>
  );
}

function ColumnList({
  goal,
  column,
  ids,
  limit,
}: {
  readonly goal: Goal;
  readonly column: Column;
  readonly ids: readonly string[];
  readonly limit: number | null;
}) {
  const over = limit !== null && ids.length > limit;
  return (
    <section className="board-column" aria-label={t(`board:columns.${column}`)}>
      <h2 className="row">
        <span className="grow">{t(`board:columns.${column}`)}</span>
        <small className="figures" data-over={over} title={over ? t('board:over') : undefined}>
          {limit === null ? ids.length : t('board:wip', { count: ids.length, limit })}
        </small>
      </h2>
      <ul className="bare board-cards">
        {ids.map((id) => (
          <Card key={id} goal={goal} id={id} />
        ))}
        {ids.length === 0 && <li className="quiet board-none">{t('board:empty')}</li>}
      </ul>
    </section>
  );
}

/** Columns that are worth their place even when they are empty. */
const ALWAYS: ReadonlySet<Column> = new Set(['backlog', 'waiting', 'running', 'needs-you', 'done']);

/** The plan by state. How many may run at once is the machine's own limit. */
export default function BoardView() {
  const goal = useGoal();
  const texts = useWorld((world) => world.texts) ?? {};
  const info = useQuery((client) => client.system.info(), 'info').answer;
  const cap = info?.ok ? info.value.agents.cap : null;
  if (!goal || Object.keys(goal.tasks).length === 0)
    return (
      <Empty title={t('board:none')}>
        <p>{t('board:noneWhy')}</p>
        <Button onClick={() => void runCommand('goal.compose')}>{t('header.newGoal')}</Button>
      </Empty>
    );
  const columns = columnsOf(goal, textsIn(texts));
  return (
    <div className="board">
      <div className="row board-bar">
        <Button icon={Plus} onClick={() => setOverlay({ kind: 'new-task' })}>
          {t('board:newTask')}
        </Button>
      </div>
      <div className="board-columns">
        {COLUMNS.filter((column) => ALWAYS.has(column) || columns[column].length > 0).map((column) => (
          <ColumnList
            key={column}
            goal={goal}
            column={column}
            ids={columns[column]}
            limit={column === 'running' ? cap : null}
          />
        ))}
      </div>
    </div>
  );
}
