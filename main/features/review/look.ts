import { stat } from 'node:fs/promises';
import { goalRef, type Places } from '#main/features/merges/index.ts';
import { forkPoint, liveState, parentOf, type Range, tipOf } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';

/** What a review looks at. */
export interface Look {
  /** From what it started to what it is; the head is a commit, or a tree with what is not committed. */
  readonly range: Range;
  /** The newest commit of it. */
  readonly commit: string;
  /** The attempt's folder while it is there. */
  readonly workspace: string | null;
  readonly uncommitted: boolean;
  /** True when it is merged: what is looked at is on the goal's branch. */
  readonly merged: boolean;
}

const NOTHING = faultOf(
  'no-changes',
  'There is nothing to look at.',
  'The attempt has no workspace yet, or left nothing behind.',
  'Look again when it has begun.',
);

/** Finds an attempt of a goal. Fails with `no-such-attempt`. */
export function attemptOf(goal: Goal, id: string): Result<Attempt, Fault> {
  const attempt = goal.attempts[id];
  if (attempt) return ok(attempt);
  const why = 'It is not part of this goal.';
  return err(faultOf('no-such-attempt', `There is no attempt ${id.slice(0, 60)}.`, why, 'Look at the task.'));
}

/** The folder of an attempt while it exists, or null. */
export async function folderOf(places: Places, goal: Goal, attempt: Attempt): Promise<string | null> {
  if (attempt.base === null || ATTEMPT_OVER.has(attempt.status)) return null;
  const { path } = places.workspaceOf(goal, attempt);
  return (await stat(path).catch(() => null))?.isDirectory() ? path : null;
}

async function lookAtMerged(gitDir: string, commit: string): Promise<Result<Look, Fault>> {
  const base = await parentOf(gitDir, commit);
  if (!base.ok) return base;
  const range = { gitDir, base: base.value, head: commit };
  return ok({ range, commit, workspace: null, uncommitted: false, merged: true });
}

/** What an attempt that is over left in the hub. */
async function lookAtLeft(gitDir: string, goal: Goal, attempt: Attempt): Promise<Result<Look, Fault>> {
  const kept = await tipOf(gitDir, `refs/aios/snapshots/${attempt.id}`);
  const commit = kept.ok ? kept.value : attempt.commit;
  if (commit === null) return err(NOTHING);
  const base = await startOf(gitDir, goal, attempt, commit);
  return ok({ range: { gitDir, base, head: commit }, commit, workspace: null, uncommitted: false, merged: false });
}

/** Others' work that was merged into an attempt's is not its own. */
async function startOf(gitDir: string, goal: Goal, attempt: Attempt, commit: string): Promise<string> {
  const tip = await tipOf(gitDir, goalRef(goal));
  const start = attempt.base ?? goal.base;
  return tip.ok ? forkPoint(gitDir, [tip.value, commit], start) : start;
}

/**
 * What an attempt changes, live while it is at work, or all a goal has merged (`attempt` null). Changes nothing. Fails
 * with `no-such-attempt`, `no-changes` or `workspace-damaged`.
 */
export async function lookAtWork(places: Places, goal: Goal, attempt: string | null): Promise<Result<Look, Fault>> {
  const gitDir = places.hubOf(goal.project);
  if (attempt === null) {
    const tip = await tipOf(gitDir, goalRef(goal));
    const head = tip.ok ? tip.value : goal.base;
    const range = { gitDir, base: goal.base, head };
    return tip.ok ? ok({ range, commit: head, workspace: null, uncommitted: false, merged: true }) : err(NOTHING);
  }
  const found = attemptOf(goal, attempt);
  if (!found.ok) return found;
  if (found.value.mergeCommit !== null) return lookAtMerged(gitDir, found.value.mergeCommit);
  const folder = await folderOf(places, goal, found.value);
  if (folder === null) return lookAtLeft(gitDir, goal, found.value);
  const live = await liveState(places.workspaceOf(goal, found.value));
  if (!live.ok) return live;
  const { commit, head, uncommitted } = live.value;
  const base = await startOf(gitDir, goal, found.value, commit);
  return ok({ range: { gitDir, base, head }, commit, workspace: folder, uncommitted, merged: false });
}
