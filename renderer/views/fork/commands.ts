import { GitFork, Scale } from 'lucide-react';
import { registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { goalNow } from '../../store/shown.ts';
import { setOverlay } from '../../store/view-store.ts';
import { nearest } from './where.ts';

/** Opens the dialog at the newest boundary of what is shown. */
export function forkHere(): void {
  const goal = goalNow();
  const placed = goal && nearest(goal);
  if (placed) setOverlay({ kind: 'fork', at: placed.at });
}

const hasGoal = () => goalNow() !== null;

registerCommands([
  {
    id: 'fork.here',
    title: () => t('fork:commands.fork'),
    group: 'replay',
    keys: ['shift+f'],
    icon: GitFork,
    when: hasGoal,
    run: forkHere,
  },
  {
    id: 'fork.compare',
    title: () => t('fork:commands.compare'),
    group: 'replay',
    keys: ['shift+c'],
    icon: Scale,
    when: hasGoal,
    run: () => setOverlay({ kind: 'compare', other: null }),
  },
]);
