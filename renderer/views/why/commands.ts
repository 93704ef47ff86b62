import { CircleHelp } from 'lucide-react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf } from '#protocol/model/goal/why.ts';
import type { WhySubject } from '#protocol/model/goal/why-parts.ts';
import { registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { goalNow } from '../../store/shown.ts';
import { goTo, openTab, useView } from '../../store/view-store.ts';

const BESIDE: ReadonlySet<string> = new Set(['graph', 'board', 'timeline', 'runs']);

/** What is selected, as something that can stand still; nothing selected is the goal itself. */
function selected(goal: Goal): WhySubject {
  const [only = '', ...more] = useView.getState().selection;
  const [kind = '', id = ''] = only.split(':');
  if (more.length === 0 && kind === 'task' && goal.tasks[id]) return { kind, id };
  if (more.length === 0 && kind === 'agent' && goal.agents[id]) return { kind, id };
  return { kind: 'goal', id: goal.id };
}

/** Shows the reason in the inspector, with the keyboard in it; what moves is told so. */
function showWhy(): void {
  const goal = goalNow();
  if (!goal) return;
  if (whyOf(goal, selected(goal)) === null) return tell(t('insight:why.moves'));
  if (!BESIDE.has(useView.getState().view)) goTo('graph');
  openTab('overview');
  // The inspector is drawn first.
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById('why')?.focus()));
}

registerCommands([
  {
    id: 'why.selection',
    title: () => t('insight:why.command'),
    group: 'task',
    keys: ['w'],
    icon: CircleHelp,
    when: () => goalNow() !== null,
    run: showWhy,
  },
]);
