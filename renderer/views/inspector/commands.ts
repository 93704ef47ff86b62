import { FileDiff, ScrollText, Search, SquareTerminal } from 'lucide-react';
import { type Command, registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { goalNow } from '../../store/shown.ts';
import { type InspectorTab, openTab, useView } from '../../store/view-store.ts';
import { subjectOf, tabsOf } from './subject.ts';

const BESIDE: ReadonlySet<string> = new Set(['graph', 'board', 'timeline', 'runs']);

/** Whether what is selected has this tab, and the inspector is where it can be seen. */
function has(tab: InspectorTab): boolean {
  const goal = goalNow();
  const { view, selection } = useView.getState();
  return goal !== null && BESIDE.has(view) && tabsOf(subjectOf(goal, selection), tab).tabs.includes(tab);
}

const tabCommand = (tab: InspectorTab, icon: NonNullable<Command['icon']>): Command => ({
  id: `inspector.${tab}`,
  title: () => t('inspector:showTab', { tab: t(`inspector:tabs.${tab}`) }),
  group: 'task',
  icon,
  when: () => has(tab),
  run: () => openTab(tab),
});

function inTranscript(): boolean {
  const { inspectorOpen, tab } = useView.getState();
  return inspectorOpen && tab === 'transcript' && has('transcript');
}

registerCommands([
  tabCommand('transcript', ScrollText),
  tabCommand('changes', FileDiff),
  tabCommand('terminal', SquareTerminal),
  {
    id: 'inspector.find',
    title: () => t('inspector:search'),
    group: 'task',
    keys: ['mod+f'],
    icon: Search,
    whileTyping: true,
    when: inTranscript,
    run: () => document.getElementById('inspect-search')?.focus(),
  },
]);
