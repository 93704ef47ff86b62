import type { Performance, Performer, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { tipOf } from '#main/features/workspaces/index.ts';
import type { MergeParts } from './attempt-effects.ts';
import { checkCommit } from './check-commit.ts';
import { goalRef } from './places.ts';
import { describeFault } from './sync.ts';

/** Runs the command of a check gate on what is merged so far; its exit code decides. Nothing merged yet: the goal's base. */
export function createGateEffect(parts: MergeParts): Performer {
  return async (performance: Performance): Promise<Report> => {
    const goal = parts.goals.state(performance.subject);
    const task = goal?.tasks[(performance.event.data as { task: string }).task];
    const gate = task?.spec?.gate;
    if (!goal || task?.status !== 'active' || gate?.kind !== 'check') return null;
    const openedAt = task.opened?.at ?? 0;
    const answer = (passed: boolean, output: string): Report => ({
      stream: performance.stream,
      command: { type: 'gate-checked', task: task.id, openedAt, passed, output } satisfies GoalCommand,
    });
    const tip = await tipOf(parts.places.hubOf(goal.project), goalRef(goal));
    const setup = await parts.setupOf(goal);
    const commit = tip.ok ? tip.value : goal.base;
    const outcome = await checkCommit(
      parts,
      { performance, goal, setup, commit },
      await parts.textOf(gate.command.id),
    ).catch((error: unknown) => {
      if (performance.signal.aborted) throw error;
      return { passed: false, output: error instanceof Error ? error.message : String(error) };
    });
    return answer(outcome.passed, tip.ok ? outcome.output : `${outcome.output}\n${describeFault(tip.error)}`);
  };
}
