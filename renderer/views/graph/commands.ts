import {
  AlignHorizontalJustifyStart,
  AlignVerticalJustifyStart,
  Copy,
  Maximize,
  Plus,
  Search,
  Share2,
  Sparkles,
  Trash2,
  UserPlus,
  UserRoundCheck,
} from 'lucide-react';
import { type Command, registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { goalNow } from '../../store/shown.ts';
import { openTab, select, setOverlay, useView } from '../../store/view-store.ts';
import { isPastNow, worldNow } from '../../store/world-store.ts';
import { unlink } from './actions.ts';
import { align, graphNow, move, nudge, showAll, tidy, unpin } from './flow.ts';
import { agentNode, idOf, isAgent, isTask, taskNode } from './model.ts';
import { tasksAsText } from './paste.ts';

const STEP = 24;
const selected = () => useView.getState().selection;
const tasksSelected = () => selected().filter(isTask).map(idOf);
const linkSelected = () => selected().find((id) => id.startsWith('link:'));
const editable = () => goalNow() !== null && !isPastNow();
const hasTask = () => editable() && tasksSelected().length > 0;
const hasCards = () => selected().some((id) => isTask(id) || isAgent(id));

function removeSelected(): void {
  const edge = linkSelected();
  if (edge !== undefined) {
    const [task = '', on = ''] = edge.slice('link:'.length).split('>');
    void unlink(task, on);
    return;
  }
  setOverlay({ kind: 'cancel-tasks', tasks: tasksSelected() });
}

function selectAll(): void {
  const now = graphNow();
  if (now) select([...now.graph.agents.map(agentNode), ...now.graph.tasks.map(taskNode)]);
}

async function copyTasks(): Promise<void> {
  const goal = goalNow();
  const texts = worldNow()?.texts ?? {};
  if (!goal) return;
  const tasks = tasksSelected().flatMap((id) => goal.tasks[id] ?? []);
  const written = tasks.map(({ title, brief }) => ({ title: texts[title.id] ?? '', brief: texts[brief.id] ?? '' }));
  await navigator.clipboard.writeText(tasksAsText(written));
  tell(t('graph:copied', { count: tasks.length }));
}

const task: readonly Command[] = [
  {
    id: 'task.new',
    title: () => t('graph:commands.newTask'),
    group: 'task',
    keys: ['n'],
    icon: Plus,
    when: () => !isPastNow(),
    run: () => setOverlay({ kind: 'new-task' }),
  },
  {
    id: 'task.assign',
    title: () => t('graph:commands.assign'),
    group: 'task',
    keys: ['a'],
    icon: UserRoundCheck,
    when: () => hasTask() && useView.getState().view !== 'inbox',
    run: () => setOverlay({ kind: 'assign', tasks: tasksSelected() }),
  },
  {
    id: 'task.link',
    title: () => t('graph:commands.link'),
    group: 'task',
    keys: ['l'],
    icon: Share2,
    when: () => hasTask() && tasksSelected().length === 1,
    run: () => setOverlay({ kind: 'link', task: tasksSelected()[0] ?? '' }),
  },
  {
    id: 'task.remove',
    title: () => t(linkSelected() === undefined ? 'graph:commands.remove' : 'graph:commands.unlink'),
    group: 'task',
    view: 'graph',
    keys: ['delete', 'backspace'],
    icon: Trash2,
    when: () => editable() && (hasTask() || linkSelected() !== undefined),
    run: removeSelected,
  },
  {
    id: 'task.copy',
    title: () => t('graph:commands.copy'),
    group: 'task',
    view: 'graph',
    keys: ['mod+c'],
    icon: Copy,
    when: () => tasksSelected().length > 0 && (window.getSelection()?.toString() ?? '') === '',
    run: () => void copyTasks(),
  },
  {
    id: 'agent.hire',
    title: () => t('graph:commands.hire'),
    group: 'agent',
    keys: ['h'],
    icon: UserPlus,
    when: editable,
    run: () => setOverlay({ kind: 'hire' }),
  },
];

const directions: readonly Command[] = (['left', 'right', 'up', 'down'] as const).map((direction) => ({
  id: `graph.${direction}`,
  title: () => t(`graph:commands.${direction}`),
  group: 'graph',
  view: 'graph',
  keys: [`arrow${direction}`],
  run: () => move(direction),
}));

const NUDGES = {
  Left: { x: -STEP, y: 0 },
  Right: { x: STEP, y: 0 },
  Up: { x: 0, y: -STEP },
  Down: { x: 0, y: STEP },
} as const;

const nudges: readonly Command[] = (['Left', 'Right', 'Up', 'Down'] as const).map((direction) => ({
  id: `graph.nudge${direction}`,
  title: () => t(`graph:commands.nudge${direction}`),
  group: 'graph',
  view: 'graph',
  keys: [`shift+arrow${direction.toLowerCase()}`],
  when: () => editable() && hasCards(),
  run: () => nudge(NUDGES[direction].x, NUDGES[direction].y),
}));

const several = () => editable() && selected().filter((id) => isTask(id) || isAgent(id)).length > 1;

const canvas: readonly Command[] = [
  {
    id: 'graph.open',
    title: () => t('graph:commands.open'),
    group: 'graph',
    view: 'graph',
    keys: ['enter'],
    when: () => selected().length > 0,
    run: () => openTab('overview'),
  },
  {
    id: 'graph.peek',
    title: () => t('graph:commands.peek'),
    group: 'graph',
    view: 'graph',
    keys: ['space'],
    when: () => selected().length > 0,
    run: () => setOverlay({ kind: 'peek' }),
  },
  {
    id: 'graph.search',
    title: () => t('graph:commands.search'),
    group: 'graph',
    keys: ['/'],
    icon: Search,
    when: () => goalNow() !== null,
    run: () => setOverlay({ kind: 'search' }),
  },
  {
    id: 'graph.tidy',
    title: () => t('graph:commands.tidy'),
    group: 'graph',
    view: 'graph',
    keys: ['t'],
    icon: Sparkles,
    when: editable,
    run: () => void tidy().then((moved) => moved && tell(t('graph:tidied'))),
  },
  {
    id: 'graph.fit',
    title: () => t('graph:commands.fit'),
    group: 'graph',
    view: 'graph',
    keys: ['f'],
    icon: Maximize,
    run: showAll,
  },
  {
    id: 'graph.all',
    title: () => t('graph:commands.all'),
    group: 'graph',
    view: 'graph',
    keys: ['mod+a'],
    run: selectAll,
  },
  {
    id: 'graph.align-left',
    title: () => t('graph:commands.alignLeft'),
    group: 'graph',
    view: 'graph',
    icon: AlignHorizontalJustifyStart,
    when: several,
    run: () => align('left'),
  },
  {
    id: 'graph.align-top',
    title: () => t('graph:commands.alignTop'),
    group: 'graph',
    view: 'graph',
    icon: AlignVerticalJustifyStart,
    when: several,
    run: () => align('top'),
  },
  {
    id: 'graph.row',
    title: () => t('graph:commands.row'),
    group: 'graph',
    view: 'graph',
    when: several,
    run: () => align('row'),
  },
  {
    id: 'graph.column',
    title: () => t('graph:commands.column'),
    group: 'graph',
    view: 'graph',
    when: several,
    run: () => align('column'),
  },
  {
    id: 'graph.unpin',
    title: () => t('graph:commands.unpin'),
    group: 'graph',
    view: 'graph',
    when: () => editable() && hasCards(),
    run: unpin,
  },
];

registerCommands([...task, ...directions, ...nudges, ...canvas]);
