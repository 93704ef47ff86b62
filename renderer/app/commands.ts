import {
  Command as CommandIcon,
  Keyboard,
  OctagonX,
  PanelRight,
  Pause,
  Play,
  Rows3,
  Square,
  SunMoon,
  Target,
} from 'lucide-react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { type Command, registerCommands } from '../commands/registry.ts';
import { t } from '../i18n/index.ts';
import { send } from '../store/send.ts';
import { goalNow } from '../store/shown.ts';
import {
  goTo,
  select,
  setDensity,
  setOverlay,
  setTheme,
  toggleInspector,
  useView,
  VIEWS,
} from '../store/view-store.ts';
import { isPastNow } from '../store/world-store.ts';
import { VIEW_PARTS } from './views.ts';
// Commands of views that are loaded later: the palette and the keys know them from the start.
import '../views/fork/commands.ts';
import '../views/inbox/commands.ts';
import '../views/inspector/commands.ts';
import '../views/review/commands.ts';
import '../views/why/commands.ts';

const goCommands: readonly Command[] = VIEWS.map((view, index) => ({
  id: `go.${view}`,
  title: () => t('commands.goTo', { view: t(`views.${view}`) }),
  group: 'go',
  icon: VIEW_PARTS[view].icon,
  // One digit a view, in the order of the rail; Start and what has no digit left are in the palette.
  ...(index >= 1 && index <= 9 ? { keys: [`mod+${index}`] } : {}),
  run: () => goTo(view),
}));

/** Closes the topmost thing: what is open above the view, then the selection, then the inspector. */
function back(): void {
  const { overlay, selection, inspectorOpen } = useView.getState();
  if (overlay) setOverlay(null);
  else if (selection.length > 0) select([]);
  else if (inspectorOpen) toggleInspector();
}

const moving = (goal: Goal | null): goal is Goal =>
  goal !== null && goal.status !== 'accepted' && goal.status !== 'stopped' && !isPastNow();

function onGoal(act: (goal: string) => void): () => void {
  return () => {
    const goal = goalNow();
    if (goal) act(goal.id);
  };
}

const goalCommands: readonly Command[] = [
  {
    id: 'goal.compose',
    title: () => t('commands.compose'),
    group: 'goal',
    keys: ['g'],
    icon: Target,
    run: () => setOverlay({ kind: 'composer' }),
  },
  {
    id: 'goal.pause',
    title: () => t('commands.pause'),
    group: 'goal',
    icon: Pause,
    when: () => moving(goalNow()) && goalNow()?.paused === false,
    run: onGoal((goal) => void send((client, command) => client.goals.pause({ goal, command }))),
  },
  {
    id: 'goal.continue',
    title: () => t('commands.continue'),
    group: 'goal',
    icon: Play,
    when: () => goalNow()?.paused === true || goalNow()?.status === 'stopped',
    run: onGoal((goal) => void send((client, command) => client.goals.continue({ goal, command }))),
  },
  {
    id: 'goal.stop',
    title: () => t('commands.stopGoal'),
    group: 'goal',
    icon: Square,
    when: () => moving(goalNow()),
    run: onGoal((goal) => void send((client, command) => client.goals.stop({ goal, command }))),
  },
];

const windowCommands: readonly Command[] = [
  {
    id: 'window.palette',
    title: () => t('commands.palette'),
    group: 'window',
    keys: ['mod+k'],
    icon: CommandIcon,
    whileTyping: true,
    run: () => setOverlay({ kind: 'palette' }),
  },
  {
    id: 'window.shortcuts',
    title: () => t('commands.shortcuts'),
    group: 'window',
    keys: ['?'],
    icon: Keyboard,
    run: () => setOverlay({ kind: 'shortcuts' }),
  },
  {
    id: 'window.inspector',
    title: () => t('commands.inspector'),
    group: 'window',
    keys: ['i'],
    icon: PanelRight,
    run: toggleInspector,
  },
  {
    id: 'window.theme',
    title: () => t('commands.theme'),
    group: 'window',
    icon: SunMoon,
    run: () => setTheme(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark'),
  },
  {
    id: 'window.density',
    title: () => t('commands.density'),
    group: 'window',
    icon: Rows3,
    run: () => setDensity(useView.getState().density === 'compact' ? 'comfortable' : 'compact'),
  },
  {
    id: 'window.stop-all',
    title: () => t('commands.stopAll'),
    group: 'window',
    keys: ['mod+shift+x'],
    icon: OctagonX,
    run: () => setOverlay({ kind: 'stop-all' }),
  },
  { id: 'window.back', title: () => t('commands.back'), group: 'window', keys: ['escape'], run: back },
];

registerCommands([...goCommands, ...goalCommands, ...windowCommands]);
