import { openItems } from '#protocol/model/goal/describe.ts';
import type { World } from '#protocol/model/world.ts';

/** What tray and badge show of the whole. */
export interface Summary {
  /** Agents at work. */
  readonly running: number;
  /** Decisions that wait for the CEO. */
  readonly needsYou: number;
  /** Real money spent, nano-dollars; a rehearsal's is none. */
  readonly spent: number;
  /** Goals whose agents are at work. */
  readonly busy: readonly string[];
}

/** Sums a world up. */
export function summaryOf(world: World): Summary {
  const goals = Object.values(world.goals);
  const runningIn = goals.map((goal) => Object.values(goal.runs).filter((run) => run.status === 'running').length);
  return {
    running: runningIn.reduce((sum, count) => sum + count, 0),
    needsYou: goals.reduce((sum, goal) => sum + openItems(goal).length, 0),
    spent: world.budgets.nodes['company/real']?.spent ?? 0,
    busy: goals.filter((_, index) => (runningIn[index] ?? 0) > 0).map((goal) => goal.id),
  };
}
