import { MessageSquarePlus, Undo2 } from 'lucide-react';
import { type Command, registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { useView } from '../../store/view-store.ts';
import { isPastNow } from '../../store/world-store.ts';
import { looking, stepFile } from '../inspector/changes/look.ts';

const here = () => useView.getState().view === 'review';
const hasDiff = () => here() && looking.diff !== null;
const of = { group: 'goal', view: 'review' } as const;

const COMMANDS: readonly Command[] = [
  { ...of, id: 'review.next-file', title: () => t('review:nextFile'), keys: ['j'], when: here, run: () => stepFile(1) },
  {
    ...of,
    id: 'review.previous-file',
    title: () => t('review:previousFile'),
    keys: ['k'],
    when: here,
    run: () => stepFile(-1),
  },
  {
    ...of,
    id: 'review.next-hunk',
    title: () => t('review:nextHunk'),
    keys: [']'],
    when: hasDiff,
    run: () => looking.diff?.toHunk(1),
  },
  {
    ...of,
    id: 'review.previous-hunk',
    title: () => t('review:previousHunk'),
    keys: ['['],
    when: hasDiff,
    run: () => looking.diff?.toHunk(-1),
  },
  {
    ...of,
    id: 'review.comment',
    title: () => t('review:comment'),
    keys: ['c'],
    icon: MessageSquarePlus,
    when: () => hasDiff() && !isPastNow(),
    run: () => looking.diff?.comment(),
  },
  {
    ...of,
    id: 'review.reject',
    title: () => t('review:reject'),
    keys: ['x'],
    icon: Undo2,
    when: () => hasDiff() && !isPastNow(),
    run: () => looking.diff?.reject(),
  },
];

registerCommands(COMMANDS);
