import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { KnownRun } from './assign.ts';
import type { RunnerParts } from './parts.ts';

/** Makes the workspace and the session of a run again from what was saved, where they are missing. Rejects with why not. */
export async function bringBack(
  { saves, goals, workspaceOf }: Pick<RunnerParts, 'saves' | 'goals' | 'workspaceOf'>,
  { goal, run, attempt }: KnownRun,
  signal: AbortSignal,
): Promise<void> {
  const restored = await saves.restore(goal, attempt, signal);
  if (!restored.ok) throw new Error(`${restored.error.what} ${restored.error.why}`);
  if (!restored.value.workspace) return;
  const workspace = workspaceOf(goal, attempt).path;
  await goals.execute(goal.id, { type: 'restored', run: run.id, workspace }, { id: `restored:${run.id}` });
}

/**
 * Saves the work of a run that has ended, unless its attempt is over with it: then nothing will resume it, and what it
 * did is kept when its workspace is removed. A save that fails is told, and nothing waits for it.
 */
export async function keepWork(
  { saves, goals, report }: Pick<RunnerParts, 'saves' | 'goals' | 'report'>,
  { goal, attempt }: KnownRun,
  sessionFiles: readonly string[],
): Promise<void> {
  if (goal.tasks[attempt.task]?.kind !== 'work') return;
  const now = goals.state(goal.id)?.attempts[attempt.id];
  if (!now || ATTEMPT_OVER.has(now.status)) return;
  const saved = await saves.save(goal, attempt, sessionFiles).catch((error: unknown) => String(error));
  if (typeof saved === 'string') report(`attempt ${attempt.id} was not saved: ${saved}`);
  else if (!saved.ok) report(`attempt ${attempt.id} was not saved: ${saved.error.what} ${saved.error.why}`);
}
