import { ReactFlowProvider } from '@xyflow/react';
import { useEffect } from 'react';
import { runCommand } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { useGoalId } from '../../store/shown.ts';
import { goTo } from '../../store/view-store.ts';
import { isPastNow } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/States.tsx';
import { addTasks } from './actions.ts';
import { Canvas } from './Canvas.tsx';
import { Dock } from './Dock.tsx';
import { DragLayer } from './DragLayer.tsx';
import { setFlow } from './flow.ts';
import { PlanBar } from './PlanBar.tsx';
import { tasksFromText } from './paste.ts';
import { useGraph } from './use-nodes.ts';
import './commands.ts';
import './nodes/commands.ts';
import '@xyflow/react/dist/base.css';
import './graph.css';

/** Text pasted anywhere but into a field becomes tasks. */
function onPaste(event: ClipboardEvent): void {
  const { target } = event;
  const typing = target instanceof HTMLElement && target.closest('input, textarea, [contenteditable], [role="dialog"]');
  if (typing || isPastNow()) return;
  const tasks = tasksFromText(event.clipboardData?.getData('text/plain') ?? '');
  if (tasks.length > 0) void addTasks(tasks.slice(0, 500));
}

function Plan() {
  const graph = useGraph();
  useEffect(() => {
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('paste', onPaste);
      setFlow(null);
    };
  }, []);
  return (
    <div className="graph">
      <Dock backlog={graph.backlog} />
      <div className="graph-stage">
        <Canvas />
        <PlanBar />
        {graph.tasks.length === 0 && graph.backlog.length === 0 && (
          <div className="graph-nothing">
            <Empty title={t('graph:nothing')}>
              <p>{t('graph:nothingWhy')}</p>
            </Empty>
          </div>
        )}
      </div>
      <DragLayer />
    </div>
  );
}

/** The plan that runs. */
export default function GraphView() {
  const goal = useGoalId();
  if (goal === null)
    return (
      <Empty title={t('graph:none')}>
        <p>{t('graph:noneWhy')}</p>
        <div className="row">
          <Button look="primary" onClick={() => void runCommand('goal.compose')}>
            {t('graph:compose')}
          </Button>
          <Button onClick={() => goTo('start')}>{t('graph:demo')}</Button>
        </div>
      </Empty>
    );
  return (
    <ReactFlowProvider key={goal}>
      <Plan />
    </ReactFlowProvider>
  );
}
