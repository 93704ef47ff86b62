import { createHash } from 'node:crypto';
import type { Performance } from '#main/engine/performer.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { createWorkspace, discardWorkspace } from '#main/features/workspaces/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Places } from './places.ts';
import { describeFault } from './sync.ts';
import { type CheckResult, type CommandRunner, check } from './verify.ts';

/** A commit of a goal that is to be checked, and the effect that wants to know. */
export interface CommitToCheck {
  readonly performance: Performance;
  readonly goal: Goal;
  readonly setup: GoalSetup;
  readonly commit: string;
}

/** A key as a name for folders and refs. */
function shortKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** Checks a commit in a throw-away workspace of its own; `also` are commands after `verify`. */
export async function checkCommit(
  parts: { readonly places: Places; readonly commands: CommandRunner },
  { performance, goal, setup, commit }: CommitToCheck,
  verify: string | null,
  also: readonly string[] = [],
): Promise<CheckResult> {
  const workspace = parts.places.checkAt(goal, shortKey(`${performance.id} ${commit}`), commit);
  const created = await createWorkspace({ ...workspace, author: setup.author, include: { from: setup.repository } });
  if (!created.ok) return { passed: false, exitCode: null, output: describeFault(created.error) };
  try {
    return await check(
      parts.commands,
      { ...setup.commands, verify, also },
      { cwd: workspace.path, key: performance.id, signal: performance.signal },
    );
  } finally {
    await discardWorkspace(workspace);
  }
}
