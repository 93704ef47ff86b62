import { t } from '../../i18n/index.ts';
import { useGoal, useText } from '../../store/shown.ts';
import { Line } from '../../ui/Words.tsx';
import { useDrag } from './drag.ts';
import { PreviewCard } from './PreviewCard.tsx';
import './graph-dialogs.css';

/** What is dragged, beside the pointer, and what dropping it would do. */
export function DragLayer() {
  const { load, x, y, over, preview } = useDrag();
  const goal = useGoal();
  const title = useText(load?.kind === 'task' ? goal?.tasks[load.task]?.title : null);
  if (!load) return null;
  const agent = over === null ? null : (goal?.agents[over]?.name ?? over);
  // On the side of the pointer where there is room.
  const style = { left: Math.min(x + 16, window.innerWidth - 340), top: Math.min(y + 16, window.innerHeight - 260) };
  return (
    <div className="graph-drag" style={style} role="status">
      {agent === null ? (
        <Line text={load.kind === 'task' ? title : load.role} most={60} />
      ) : (
        <>
          <strong>
            <Line text={t('graph:preview.title', { task: title.slice(0, 60), agent })} />
          </strong>
          <PreviewCard preview={preview} />
        </>
      )}
    </div>
  );
}
