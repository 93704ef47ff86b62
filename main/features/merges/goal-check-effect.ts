import type { Performance, Performer, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { tipOf } from '#main/features/workspaces/index.ts';
import type { MergeParts } from './attempt-effects.ts';
import { checkCommit } from './check-commit.ts';
import { tail } from './output.ts';
import { goalRef } from './places.ts';
import { describeFault } from './sync.ts';

/** Checks the whole of a goal on its tip, once everything is merged. */
export function createGoalCheck(parts: MergeParts): Performer {
  return async (performance: Performance): Promise<Report> => {
    const goal = parts.goals.state(performance.subject);
    if (goal?.status !== 'verifying') return null;
    const setup = await parts.setupOf(goal);
    const tip = await tipOf(parts.places.hubOf(goal.project), goalRef(goal));
    const answer = (
      result: 'passed' | 'failed' | 'error',
      commit: string | null,
      exitCode: number | null,
      output: string,
    ): Report => ({
      stream: performance.stream,
      command: {
        type: 'goal-checked',
        result,
        commit,
        exitCode,
        output: tail(output),
      } satisfies GoalCommand,
    });
    if (!tip.ok) return answer('error', null, null, describeFault(tip.error));
    if (setup.commands.acceptance === null) return answer('passed', tip.value, null, '');
    const outcome = await checkCommit(
      parts,
      { performance, goal, setup, commit: tip.value },
      setup.commands.acceptance,
    );
    return answer(outcome.passed ? 'passed' : 'failed', tip.value, outcome.exitCode, outcome.output);
  };
}
