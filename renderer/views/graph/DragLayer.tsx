import { t } from '../../i18n/index.ts';
import { useGoal, useText } from '../../store/shown.ts';
import { Line } from '../../ui/Words.tsx';
import { useDrag } from './drag.ts';
import { PreviewList } from './PreviewCard.tsx';
import './graph-dialogs.css';

/** What is dragged, beside the pointer, and what dropping it would do. */
export function DragLayer() {
  const { load, x, y, over, previews } = useDrag();
  const goal = useGoal();
  const tasks = load?.kind === 'tasks' ? load.tasks : [];
  const title = useText(goal?.tasks[tasks[0] ?? '']?.title);
  if (!load) return null;
  const agent = over === null ? null : (goal?.agents[over]?.name ?? over);
  // On the side of the pointer where there is room.
  const style = { left: Math.min(x + 16, window.innerWidth - 340), top: Math.min(y + 16, window.innerHeight - 260) };
  const several = tasks.length > 1;
  const name = several ? t('graph:preview.several', { count: tasks.length }) : title;
  return (
    <div className="graph-drag" style={style} role="status">
      {agent === null ? (
        <Line text={load.kind === 'tasks' ? name : load.role} most={60} />
      ) : (
        <>
          <strong>
            <Line
              text={
                several
                  ? t('graph:preview.titleSeveral', { count: tasks.length, agent })
                  : t('graph:preview.title', { task: title.slice(0, 60), agent })
              }
            />
          </strong>
          <PreviewList tasks={tasks} previews={previews} />
        </>
      )}
    </div>
  );
}
