import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import type { Performance, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { goalRef, type Places } from '#main/features/merges/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { revertInWorkspace, revertOnBranch } from '#main/features/workspaces/index.ts';
import type { KeyedMutex } from '#main/platform/keyed-mutex.ts';
import { err, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';

/** What taking out a hunk needs. */
export interface RejectParts {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly places: Places;
  readonly turns: KeyedMutex;
  readonly setupOf: (goal: Goal) => Promise<GoalSetup>;
  readonly textOf: (id: string) => Promise<string>;
}

interface Ordered {
  readonly reject: string;
  readonly attempt: string | null;
  readonly patch: PayloadRef;
}

const OVER = faultOf('attempt-over', 'The work is gone.', 'The attempt ended meanwhile.', 'Look at the task.');

/** Performs the orders of rejected hunks: a commit that takes the hunk out, once, whatever is killed in between. */
export function performRejects(engine: Engine, parts: RejectParts): void {
  async function revert(performance: Performance, goal: Goal, ordered: Ordered): Promise<Result<string, Fault>> {
    const { author } = await parts.setupOf(goal);
    const patch = await parts.textOf(ordered.patch.id);
    const request = { patch, key: performance.id, author };
    if (ordered.attempt === null) return revertOnBranch(parts.places.hubOf(goal.project), goalRef(goal), request);
    const { attempt: id } = ordered;
    return parts.turns.run(`attempt:${id}`, async () => {
      const attempt = parts.goals.state(performance.subject)?.attempts[id];
      if (attempt?.status !== 'verifying') return err(OVER);
      const trailers = { 'AIOS-Task': attempt.task, 'AIOS-Attempt': attempt.id };
      return revertInWorkspace(parts.places.workspaceOf(goal, attempt), { ...request, trailers });
    });
  }
  engine.perform('hunk.reject', async (performance): Promise<Report> => {
    const ordered = performance.event.data as Ordered;
    const goal = parts.goals.state(performance.subject);
    if (goal?.rejecting?.id !== ordered.reject) return null;
    const done = await revert(performance, goal, ordered);
    const command: GoalCommand = {
      type: 'hunk-rejected',
      reject: ordered.reject,
      result: done.ok ? 'rejected' : 'refused',
      commit: done.ok ? done.value : null,
      detail: done.ok ? '' : `${done.error.what} ${done.error.why} ${done.error.next}`,
    };
    return { stream: performance.stream, command };
  });
}
