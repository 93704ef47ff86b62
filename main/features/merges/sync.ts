import type { GoalSetup } from '#main/features/runs/index.ts';
import {
  commitWorkspace,
  conflictMarkersLeft,
  type Person,
  prepareConflict,
  tipOf,
  type Workspace,
} from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { goalRef } from './places.ts';

/** A workspace brought up to the goal's newest state, or the conflict that is now in its files. */
export type Synced =
  | {
      readonly kind: 'synced';
      readonly commit: string;
      readonly tip: string;
      /** The work before something was merged into it; null when nothing was. */
      readonly alone: string | null;
    }
  | {
      readonly kind: 'conflict';
      readonly tip: string;
      readonly files: readonly string[];
      readonly messages: readonly string[];
    };

/** What commits of AIOS need. */
export interface SyncParts {
  readonly workspace: Workspace;
  readonly goal: Goal;
  readonly attempt: Attempt;
  readonly setup: GoalSetup;
  readonly title: string;
}

function commitOf({ workspace, goal, attempt, setup, title }: SyncParts) {
  const author: Person = setup.author;
  const agent = goal.agents[attempt.agent]?.name ?? attempt.agent;
  return commitWorkspace({
    workspace,
    author,
    message: title,
    trailers: { 'AIOS-Task': attempt.task, 'AIOS-Attempt': attempt.id, 'AIOS-Agent': agent },
  });
}

/**
 * Commits the agent's work and merges the goal's tip into it. A conflict is left in the files for the agent; markers that
 * are still there count as the same conflict.
 */
export async function syncWorkspace(parts: SyncParts): Promise<Result<Synced, Fault>> {
  const { workspace, goal } = parts;
  const tip = await tipOf(workspace.hub, goalRef(goal));
  if (!tip.ok) return tip;
  const left = await conflictMarkersLeft(workspace);
  if (left.length > 0) {
    return ok({
      kind: 'conflict',
      tip: tip.value,
      files: left,
      messages: ['Conflict markers are still in these files.'],
    });
  }
  const committed = await commitOf(parts);
  if (!committed.ok) return committed;
  const prepared = await prepareConflict(workspace, tip.value);
  if (!prepared.ok) return prepared;
  const alone = committed.value.commit;
  if (!prepared.value.merging) return ok({ kind: 'synced', commit: alone, tip: tip.value, alone: null });
  if (prepared.value.files.length > 0) {
    return ok({ kind: 'conflict', tip: tip.value, files: prepared.value.files, messages: prepared.value.messages });
  }
  const merged = await commitOf({ ...parts, title: `Merge the goal into: ${parts.title}` });
  if (!merged.ok) return err(merged.error);
  return ok({ kind: 'synced', commit: merged.value.commit, tip: tip.value, alone });
}

/** The words for a conflict, for the agent that resolves it. */
export function describeConflict(synced: Extract<Synced, { kind: 'conflict' }>): string {
  return `Files in conflict:\n${synced.files.map((file) => `- ${file}`).join('\n')}\n\n${synced.messages.join('\n')}`.trim();
}

/** The words for a fault, for whoever reads the output of a check. */
export function describeFault(fault: Fault): string {
  return `${fault.what} ${fault.why} ${fault.next}`;
}
