import type { Goal } from '#protocol/model/goal/state.ts';
import { usePage } from '../store/page-store.ts';
import { useWorld } from '../store/world-store.ts';

/** The goal that is selected, else the newest. */
export function useShownGoal(): Goal | null {
  const selected = usePage((page) => page.goal);
  const goals = useWorld((world) => world.goals) ?? {};
  const chosen = selected === null ? undefined : goals[selected];
  const newest = Object.values(goals).reduce<Goal | null>(
    (best, goal) => (goal.status && goal.statedAt >= (best?.statedAt ?? 0) ? goal : best),
    null,
  );
  return chosen ?? newest;
}
