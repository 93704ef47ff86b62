import { actorName } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { plainLine } from '../../../text/plain.ts';

/** Why an agent got an attempt, in one sentence; null where nothing was weighed. */
export function whyOf(goal: Goal, { agent, reason }: Attempt): string | null {
  if (!reason) return null;
  const name = plainLine(actorName(goal, agent), 60);
  const percent = (chance: number | null) => Math.round((chance ?? 0) * 100);
  if (reason.rule === 'only') return t('plan:whyOnly', { name });
  if (reason.rule === 'load') return t('plan:whyLoad', { name, count: reason.among });
  return t('plan:whyExpertise', {
    name,
    chance: percent(reason.chance),
    next: percent(reason.next),
    count: reason.seen,
  });
}
