import type { Goal } from '#protocol/model/goal/state.ts';

/** How near another goal is: what this one comes from, its forks, forks of the same, then the rest. */
function nearness(goal: Goal, other: Goal): number {
  if (goal.forkedFrom?.goal === other.id) return 0;
  if (other.forkedFrom?.goal === goal.id) return 1;
  return goal.forkedFrom !== null && other.forkedFrom?.goal === goal.forkedFrom.goal ? 2 : 3;
}

/** Whether one of them comes from the other, or both from the same. */
export const isRelative = (goal: Goal, other: Goal): boolean => nearness(goal, other) < 3;

/** The goals a goal can be compared with: those of its project, relatives first, then the newest. */
export function othersOf(goals: Readonly<Record<string, Goal>>, goal: Goal): Goal[] {
  return Object.values(goals)
    .filter((other) => other.id !== goal.id && other.status !== null && other.project === goal.project)
    .sort((one, other) => nearness(goal, one) - nearness(goal, other) || other.statedAt - one.statedAt);
}
