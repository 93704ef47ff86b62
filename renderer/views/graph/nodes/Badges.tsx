import {
  ChevronsUp,
  Clock,
  Copy,
  Eye,
  ListPlus,
  type LucideIcon,
  RotateCw,
  ShieldAlert,
  ThumbsUp,
  Undo2,
  Users,
} from 'lucide-react';
import { memo } from 'react';
import { useShallow } from 'zustand/shallow';
import { t } from '../../../i18n/index.ts';
import { useGoalId } from '../../../store/shown.ts';
import { useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Until } from '../../../ui/Until.tsx';
import { type Badge, badgesOf } from './badges.ts';

const ICONS: Readonly<Record<Badge['kind'], LucideIcon>> = {
  guard: ShieldAlert,
  again: RotateCw,
  due: Clock,
  reviewing: Eye,
  review: Eye,
  approved: ThumbsUp,
  sentBack: Undo2,
  race: Users,
  each: ListPlus,
  escalated: ChevronsUp,
  need: Copy,
};

/** More than these would not fit on a card; the inspector has them all. */
const MOST = 2;
const NONE: readonly string[] = [];

function One({ kind, value }: Badge) {
  const Icon = ICONS[kind];
  const words = (said: string) => t(`plan:badge.${kind}`, { value: said });
  const timed = kind === 'again' || kind === 'due';
  return (
    <li className="graph-badge" data-badge={kind}>
      <Icon size={11} aria-hidden />
      {timed ? (
        <Until at={Number(value)} past={kind === 'due' ? t('plan:badge.late') : words('0 s')}>
          {words}
        </Until>
      ) : (
        <span className="line-of-text">{plainLine(words(value), 40)}</span>
      )}
    </li>
  );
}

/** How a node runs, on the edge of its card. */
export const Badges = memo(function Badges({ id }: { readonly id: string }) {
  const goalId = useGoalId() ?? '';
  const keys = useWorld(
    useShallow((world) => {
      const goal = world.goals[goalId];
      const task = goal?.tasks[id];
      return goal && task ? badgesOf(goal, task).map(({ kind, value }) => `${kind}:${value}`) : NONE;
    }),
  );
  if (!keys || keys.length === 0) return null;
  const badges = keys.map((key) => {
    const colon = key.indexOf(':');
    return { kind: key.slice(0, colon) as Badge['kind'], value: key.slice(colon + 1) };
  });
  const rest = badges.slice(MOST);
  return (
    <ul className="bare graph-badges graph-near" aria-label={t('plan:badges')}>
      {badges.slice(0, MOST).map((badge) => (
        <One key={badge.kind} {...badge} />
      ))}
      {rest.length > 0 && (
        <li className="graph-badge figures" title={rest.map(({ kind, value }) => wordsOf(kind, value)).join(', ')}>
          +{rest.length}
        </li>
      )}
    </ul>
  );
});

const wordsOf = (kind: Badge['kind'], value: string) => plainLine(t(`plan:badge.${kind}`, { value }), 40);
