import { Boxes, DoorClosed, Radio } from 'lucide-react';
import { registerCommands } from '../../../commands/registry.ts';
import { t } from '../../../i18n/index.ts';
import { goalNow } from '../../../store/shown.ts';
import { setOverlay, useView } from '../../../store/view-store.ts';
import { isPastNow } from '../../../store/world-store.ts';
import { idOf, isTask } from '../model.ts';
import { awaitedSignals } from './signals.ts';

const editable = () => goalNow() !== null && !isPastNow();
/** The one task that is selected: what is added stands after it. */
const selected = () => {
  const tasks = useView.getState().selection.filter(isTask).map(idOf);
  return tasks.length === 1 ? (tasks[0] ?? null) : null;
};

function eventOf(task: string | null): string | null {
  const gate = goalNow()?.tasks[task ?? '']?.spec?.gate;
  return gate?.kind === 'event' ? gate.name : null;
}

registerCommands([
  {
    id: 'plan.gate',
    title: () => t('plan:commands.gate'),
    group: 'task',
    keys: ['shift+g'],
    icon: DoorClosed,
    when: editable,
    run: () => setOverlay({ kind: 'new-gate', after: selected() }),
  },
  {
    id: 'plan.group',
    title: () => t('plan:commands.group'),
    group: 'task',
    icon: Boxes,
    when: editable,
    run: () => setOverlay({ kind: 'new-group', after: selected() }),
  },
  {
    id: 'plan.signal',
    title: () => t('plan:commands.signal'),
    group: 'task',
    icon: Radio,
    when: () => {
      const goal = goalNow();
      return goal !== null && !isPastNow() && awaitedSignals(goal).length > 0;
    },
    run: () => setOverlay({ kind: 'signal', name: eventOf(selected()) }),
  },
]);
