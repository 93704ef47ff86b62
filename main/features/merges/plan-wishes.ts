import type { Attempt, Goal } from '#protocol/model/goal/state.ts';

/** The commit a review is about; undefined for other work. */
export function judgedIn(goal: Goal, attempt: Attempt): string | undefined {
  const task = goal.tasks[attempt.task];
  if (task?.kind !== 'review') return undefined;
  return goal.attempts[task.about ?? '']?.commit ?? undefined;
}

/** Commands the plan wants to succeed on the work, besides the project's own. */
export async function checksOf(
  { textOf }: { readonly textOf: (id: string) => Promise<string> },
  goal: Goal,
  attempt: Attempt,
): Promise<string[]> {
  return Promise.all((goal.tasks[attempt.task]?.spec?.checks ?? []).map(({ id }) => textOf(id)));
}
