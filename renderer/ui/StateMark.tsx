import { Check, Circle, CircleAlert, CircleDashed, CircleDot, Flag, type LucideIcon } from 'lucide-react';
import { memo } from 'react';
import type { Standing } from '#protocol/model/goal/describe.ts';
import { t } from '../i18n/index.ts';

/** A shape of its own for each standing: never colour alone. */
export const STANDING_ICONS: Readonly<Record<Standing, LucideIcon>> = {
  running: CircleDot,
  waiting: CircleDashed,
  'needs-you': Flag,
  failed: CircleAlert,
  done: Check,
  idle: Circle,
};

/** A standing as shape, colour and, unless `bare`, a word. */
export const StateMark = memo(function StateMark({
  standing,
  bare = false,
}: {
  readonly standing: Standing;
  readonly bare?: boolean;
}) {
  const Icon = STANDING_ICONS[standing];
  const word = t(`standing.${standing}`);
  return (
    <span className="mark" data-standing={standing}>
      <Icon size={14} aria-hidden />
      <span className={bare ? 'unseen' : undefined}>{word}</span>
    </span>
  );
});
