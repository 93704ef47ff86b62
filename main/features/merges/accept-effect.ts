import type { Performance, Performer, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { acceptGoal, syncHub } from '#main/features/workspaces/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { MergeParts } from './attempt-effects.ts';
import { goalRef } from './places.ts';
import { describeFault } from './sync.ts';

/** Brings an accepted goal into the user's branch, or says which command does it by hand. */
export function createAcceptEffect(parts: MergeParts): Performer {
  return async (performance: Performance): Promise<Report> => {
    const goal = parts.goals.state(performance.subject);
    if (!goal?.accepting) return null;
    const setup = await parts.setupOf(goal);
    const hub = parts.places.hubOf(goal.project);
    const ended = (command: Omit<Extract<GoalCommand, { type: 'accept-ended' }>, 'type'>): Report => ({
      stream: performance.stream,
      command: { type: 'accept-ended', ...command } satisfies GoalCommand,
    });
    const repository = await parts.repositoryOf(setup.repository);
    if (!repository.ok) return ended({ result: 'refused', commit: null, detail: describeFault(repository.error) });
    const synced = await syncHub(hub, repository.value);
    if (!synced.ok) return ended({ result: 'refused', commit: null, detail: describeFault(synced.error) });
    const accepted = await acceptGoal({
      repository: repository.value,
      hub,
      goalBranch: goalRef(goal),
      targetBranch: goal.target,
      key: performance.id,
      message: `Accept ${goal.branch}`,
      author: setup.author,
      publishAs: goal.branch,
    });
    failpoint('accept-written');
    if (!accepted.ok) return ended({ result: 'refused', commit: null, detail: describeFault(accepted.error) });
    return ended({ result: 'accepted', commit: accepted.value.commit, detail: '' });
  };
}
