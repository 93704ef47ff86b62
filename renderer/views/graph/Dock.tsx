import { GripVertical, Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoal, useGoalId, useText } from '../../store/shown.ts';
import { useQuery } from '../../store/use-query.ts';
import { select, setOverlay, useView } from '../../store/view-store.ts';
import { useIsPast } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Line } from '../../ui/Words.tsx';
import { addTasks, assign, hire } from './actions.ts';
import { startDrag } from './drag.ts';
import { keep, pointOf } from './flow.ts';
import { agentNode, idOf, isTask, taskNode } from './model.ts';
import { tasksFromText } from './paste.ts';
import { CARD } from './place.ts';

const MULTI = ['shiftKey', 'metaKey', 'ctrlKey'] as const;

/** Where the nth of several cards goes that are dropped at a point. */
const below = (point: { readonly x: number; readonly y: number }, index: number) => ({
  x: point.x,
  y: point.y + index * (CARD.taskHeight + 28),
  pinned: true,
});

function DockTask({ id }: { readonly id: string }) {
  const goal = useGoal();
  const title = useText(goal?.tasks[id]?.title);
  const selected = useView((view) => view.selection.includes(taskNode(id)));
  const past = useIsPast();
  const drop = (event: React.PointerEvent) => {
    // One of several that are selected takes the others along.
    const chosen = useView.getState().selection;
    const tasks = selected && chosen.every(isTask) ? [id, ...chosen.map(idOf).filter((each) => each !== id)] : [id];
    startDrag(event, { kind: 'tasks', tasks }, ({ over, x, y }) => {
      if (over !== null) return void assign(tasks, { kind: 'agent', agent: over });
      // Dropped on the canvas it is laid there; anywhere else it stays in the dock.
      const canvas = document.elementsFromPoint(x, y).some((each) => each.classList.contains('react-flow__pane'));
      const point = canvas ? pointOf(x, y) : null;
      if (point) keep(new Map(tasks.map((each, index) => [taskNode(each), below(point, index)])));
    });
  };
  const choose = (event: React.MouseEvent) => {
    if (!MULTI.some((key) => event[key])) {
      select([taskNode(id)], 'overview');
      return;
    }
    const { selection } = useView.getState();
    const others = selection.filter((each) => isTask(each) && each !== taskNode(id));
    select(selected ? others : [...others, taskNode(id)]);
  };
  return (
    <li>
      <button
        type="button"
        className="graph-dock-task"
        aria-pressed={selected}
        data-dock-task={id}
        title={plainLine(title, 200)}
        onPointerDown={past ? undefined : drop}
        onClick={choose}
        onDoubleClick={() => setOverlay({ kind: 'assign', tasks: [id] })}
      >
        <GripVertical size={12} aria-hidden />
        <Line text={title} most={120} />
      </button>
    </li>
  );
}

/** Writes tasks straight into the backlog: one line a task. */
function QuickTask() {
  const [text, setText] = useState('');
  const add = async () => {
    const tasks = tasksFromText(text);
    if (tasks.length > 0 && (await addTasks(tasks))) setText('');
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <textarea
        className="input graph-quick"
        rows={1}
        aria-label={t('graph:newTask')}
        placeholder={t('graph:newTaskHint')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          void add();
        }}
      />
      <IconButton icon={Plus} name={t('graph:add')} type="submit" disabled={text.trim() === ''} />
    </form>
  );
}

function Shelf({ goal }: { readonly goal: string }) {
  const roles = useQuery((client) => client.plan.roles({ goal }), `roles:${goal}`).answer;
  if (!roles?.ok) return null;
  const drop = (event: React.PointerEvent, role: string) =>
    startDrag(event, { kind: 'role', role }, ({ x, y }) => {
      const point = pointOf(x, y);
      if (!document.elementsFromPoint(x, y).some((each) => each.closest('.react-flow'))) return;
      void hire(role).then((agent) => {
        if (agent !== null && point) keep(new Map([[agentNode(agent), { ...point, pinned: true }]]));
      });
    });
  return (
    <section>
      <h2>{t('graph:shelf')}</h2>
      <ul className="bare graph-shelf">
        {roles.value
          .filter((role) => !role.lead)
          .map((role) => (
            <li key={role.role}>
              <button
                type="button"
                className="graph-role"
                title={t('graph:shelfHint')}
                onPointerDown={(event) => drop(event, role.role)}
                onDoubleClick={() => void hire(role.role)}
                onClick={(event) => event.detail === 0 && setOverlay({ kind: 'hire' })}
              >
                <Line text={role.title} most={40} />
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}

/** The backlog and the crew shelf, at the left of the graph. */
export function Dock({ backlog }: { readonly backlog: readonly string[] }) {
  const goal = useGoalId();
  const past = useIsPast();
  return (
    <aside className="graph-dock" aria-label={t('graph:dock')}>
      <section className="column graph-backlog">
        <h2>{t('graph:dock')}</h2>
        {!past && <QuickTask />}
        <ul className="bare graph-dock-list">
          {backlog.map((id) => (
            <DockTask key={id} id={id} />
          ))}
        </ul>
        <small>{backlog.length === 0 ? t('graph:dockEmpty') : t('graph:dockHint')}</small>
      </section>
      {goal !== null && !past && <Shelf goal={goal} />}
    </aside>
  );
}
