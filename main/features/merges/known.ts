import type { Performance, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { MergeParts } from './attempt-effects.ts';
import { type Synced, syncWorkspace } from './sync.ts';

/** An attempt an effect is about, in the state it was ordered in. */
export interface Known {
  readonly goal: Goal;
  readonly attempt: Attempt;
  readonly setup: GoalSetup;
}

/** An effect's report to the goal that ordered it. */
export const report = (performance: Performance, command: GoalCommand): Report => ({
  stream: performance.stream,
  command,
});

/** The attempt, unless it is no longer in that state: then the effect has nothing to do. */
export async function knownAs(
  parts: MergeParts,
  goalId: string,
  attemptId: string,
  status: Attempt['status'],
): Promise<Known | undefined> {
  const goal = parts.goals.state(goalId);
  const attempt = goal?.attempts[attemptId];
  if (!goal || attempt?.status !== status) return undefined;
  return { goal, attempt, setup: await parts.setupOf(goal) };
}

/** The title of an attempt's task. */
export async function titleOf(parts: MergeParts, goal: Goal, attempt: Attempt): Promise<string> {
  const title = goal.tasks[attempt.task]?.title.id;
  return title === undefined ? attempt.task : parts.textOf(title);
}

/** Commits an attempt's work and brings the goal's newest state into it. */
export function sync(
  parts: MergeParts,
  { goal, attempt, setup }: Known,
  title: string,
): Promise<Result<Synced, Fault>> {
  return syncWorkspace({ workspace: parts.places.workspaceOf(goal, attempt), goal, attempt, setup, title });
}
