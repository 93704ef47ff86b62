import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { Draft } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { requestReview } from './review.ts';
import { cancelAttempt } from './steps.ts';

/** How many attempts a task has at once: never more than there are agents that could. */
export function racersOf(goal: Goal, task: Task): number {
  const wanted = task.spec?.race ?? 1;
  return wanted === 1 ? 1 : Math.max(1, Math.min(wanted, agentsFor(goal, task.assignee, task.kind).length));
}

const isOn = ({ status }: Task) => status === 'active' || status === 'unverified';

/** Whether a race that has begun has room for one more attempt. */
export function racesOn(goal: Goal, task: Task): boolean {
  if (!isOn(task) || task.spec?.race === undefined || task.raced === true) return false;
  if (task.attempts.length >= racersOf(goal, task)) return false;
  const attempts = task.attempts.flatMap((id) => goal.attempts[id] ?? []);
  return attempts.some((each) => !ATTEMPT_OVER.has(each.status)) && !attempts.some(isKept);
}

/** Work that was chosen: on its way to a review or into the goal. */
function isKept(attempt: Attempt): boolean {
  return (
    attempt.verdict !== undefined ||
    attempt.wait?.cause === 'review' ||
    ['merge-queued', 'merging', 'merged'].includes(attempt.status)
  );
}

const tokensOf = (goal: Goal, attempt: Attempt) =>
  attempt.runs.reduce((sum, id) => sum + (goal.runs[id]?.usage?.input ?? 0) + (goal.runs[id]?.usage?.output ?? 0), 0);

/**
 * The best of attempts that all passed the same checks: the one that needed fewest corrections, then changed fewest files,
 * then used fewest tokens, then began first.
 */
export function bestOf(goal: Goal, attempts: readonly Attempt[]): Attempt | undefined {
  const rank = (each: Attempt) => [each.fixes, each.files ?? 0, tokensOf(goal, each), each.number];
  return [...attempts].sort((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
  })[0];
}

/** An attempt of a race has passed its check: it waits for the others. */
export function reachGoal(draft: Draft, attempt: Attempt): void {
  putToWait(draft, attempt, { cause: 'race', owner: 'system', on: attempt.task }, null);
}

/** Ends races that are decided: the best goes on, the others are let go. Called after every command. */
export function settleRaces(draft: Draft): void {
  for (const task of Object.values(draft.goal.tasks)) {
    if (task.spec?.race === undefined) continue;
    if (isOn(task)) settle(draft, task);
    else if (TASK_OVER.has(task.status))
      for (const id of task.attempts) cancelAttempt(draft, id, 'another attempt was kept');
  }
}

function settle(draft: Draft, task: Task): void {
  const open = task.attempts.map((id) => draft.attempt(id)).filter((each) => !ATTEMPT_OVER.has(each.status));
  const arrived = open.filter((each) => each.status === 'waiting' && each.wait?.cause === 'race');
  const best = bestOf(draft.goal, arrived);
  if (best === undefined) return;
  const others = open.filter((each) => each.id !== best.id);
  // Whoever waits for the CEO holds nobody up who has passed.
  const running =
    others.some((each) => !arrived.includes(each) && each.wait?.owner !== 'ceo') || racesOn(draft.goal, task);
  if (running && task.spec?.keep !== 'first') return;
  for (const other of others) cancelAttempt(draft, other.id, 'another attempt was kept');
  if (task.spec?.review === undefined) draft.emit({ type: 'attempt.passed', attempt: best.id, why: 'race' });
  else requestReview(draft, best);
}
