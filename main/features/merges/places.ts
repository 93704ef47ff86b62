import { join } from 'node:path';
import type { Workspace } from '#main/features/workspaces/index.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';

/** Where things of goals lie in the data folder. All paths absolute. */
export interface Places {
  hubOf(project: string): string;
  workspaceOf(goal: Goal, attempt: Attempt): Workspace;
  /** A throw-away workspace at a commit, to check a merged result in. */
  checkAt(goal: Goal, id: string, commit: string): Workspace;
}

/** Full ref of a goal's branch in the hub. */
export function goalRef(goal: Goal): string {
  return `refs/heads/${goal.branch}`;
}

/** The layout below a data folder. */
export function placesIn(home: string): Places {
  const hubOf = (project: string) => join(home, 'hubs', `${project}.git`);
  return {
    hubOf,
    workspaceOf: (goal, attempt) => ({
      hub: hubOf(goal.project),
      path: join(home, 'workspaces', goal.id, attempt.id),
      id: attempt.id,
      branch: `${goal.branch}-${attempt.id}`,
      base: attempt.base ?? goal.base,
    }),
    checkAt: (goal, id, commit) => ({
      hub: hubOf(goal.project),
      path: join(home, 'checks', goal.id, id),
      id: `check_${id}`,
      branch: `${goal.branch}-check`,
      base: commit,
    }),
  };
}
