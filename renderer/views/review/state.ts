import { create } from 'zustand';
import type { Goal } from '#protocol/model/goal/state.ts';

/** What the review view shows: all that is merged, or one attempt's work. Of the moment. */
export const useReview = create<{ readonly attempt: string | null; readonly dialog: 'pull' | 'back' | null }>(() => ({
  attempt: null,
  dialog: null,
}));

/** Whether a goal has anything to review. */
export function isReviewable(goal: Goal): boolean {
  return (
    goal.status === 'ready' ||
    goal.status === 'accepted' ||
    goal.mergeQueue.length > 0 ||
    Object.values(goal.attempts).some(({ mergeCommit, status }) => mergeCommit !== null || status === 'merging') ||
    Object.values(goal.tasks).some(({ status }) => status === 'unverified')
  );
}

const RANK: Readonly<Partial<Record<string, number>>> = { ready: 0, stuck: 1, running: 2, verifying: 2, planning: 2 };

/** Goals to review, those that wait for the CEO first, then the newest. */
export function reviewable(goals: Readonly<Record<string, Goal>>): Goal[] {
  const rank = (goal: Goal) => RANK[goal.status ?? ''] ?? 3;
  return Object.values(goals)
    .filter(isReviewable)
    .sort((one, other) => rank(one) - rank(other) || other.statedAt - one.statedAt);
}

/** Attempts that are being merged or wait for it, in their order; the first is being merged or is next. */
export function mergeQueueOf(goal: Goal): { readonly attempt: string; readonly merging: boolean }[] {
  const merging = Object.values(goal.attempts)
    .filter(({ status, id }) => status === 'merging' && !goal.mergeQueue.includes(id))
    .map(({ id }) => id);
  return [...merging, ...goal.mergeQueue].map((attempt) => ({
    attempt,
    merging: goal.attempts[attempt]?.status === 'merging',
  }));
}
