import { Play, Radio } from 'lucide-react';
import { registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { goalNow } from '../../store/shown.ts';
import { isPastNow } from '../../store/world-store.ts';
import { goLive, step, togglePlay } from './replay-store.ts';

const hasGoal = () => goalNow() !== null;

registerCommands([
  {
    id: 'replay.play',
    title: () => t('runs:commands.play'),
    group: 'replay',
    keys: ['shift+p'],
    icon: Play,
    when: hasGoal,
    run: () => void togglePlay(),
  },
  {
    id: 'replay.back',
    title: () => t('runs:commands.back'),
    group: 'replay',
    keys: [','],
    when: hasGoal,
    run: () => void step(-1),
  },
  {
    id: 'replay.forward',
    title: () => t('runs:commands.forward'),
    group: 'replay',
    keys: ['.'],
    when: isPastNow,
    run: () => void step(1),
  },
  {
    id: 'replay.live',
    title: () => t('runs:commands.live'),
    group: 'replay',
    icon: Radio,
    when: isPastNow,
    run: goLive,
  },
]);
