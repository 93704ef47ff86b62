import { boundariesOf, type PlacedBoundary } from '#protocol/model/goal/boundaries.ts';
import type { Boundary } from '#protocol/model/goal/fork.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { worldNow } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';

/** A name for a boundary, for lists and drafts. */
export const keyOfBoundary = (at: Boundary): string => (at.kind === 'start' ? 'start' : `${at.kind}:${at.attempt}`);

/** The newest boundary of a goal as it is shown; of a past moment the newest before it. */
export function nearest(goal: Goal): PlacedBoundary | null {
  return boundariesOf(goal).at(-1) ?? null;
}

/** A boundary in words: `“Store dates” was merged`. */
export function sayBoundary(
  goal: Goal,
  { at, task }: PlacedBoundary,
  words: 'boundary' | 'hereAt' = 'boundary',
): string {
  const title = worldNow()?.texts[goal.tasks[task ?? '']?.title.id ?? ''] ?? '';
  return t(`fork:${words}.${at.kind}`, { task: plainLine(title, 50) });
}
