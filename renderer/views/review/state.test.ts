import { describe, expect, it } from 'vitest';
import { type Attempt, emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { isReviewable, mergeQueueOf, reviewable } from './state.ts';

const attempt = (id: string, status: Attempt['status'], mergeCommit: string | null = null) =>
  ({ id, status, mergeCommit }) as unknown as Attempt;
const goal = (id: string, change: Partial<Goal>): Goal => ({ ...emptyGoal(id), status: 'running', ...change });

describe('what is ready to review', () => {
  it('is a goal with merged or waiting work', () => {
    expect(isReviewable(goal('g', {}))).toBe(false);
    expect(isReviewable(goal('g', { attempts: { a: attempt('a', 'merged', 'c') } }))).toBe(true);
    expect(isReviewable(goal('g', { mergeQueue: ['a'] }))).toBe(true);
    expect(isReviewable(goal('g', { status: 'ready' }))).toBe(true);
  });

  it('begins with what waits for the CEO, then the newest', () => {
    const merged = { attempts: { a: attempt('a', 'merged', 'c') } };
    const goals = {
      old: goal('old', { ...merged, statedAt: 1 }),
      done: goal('done', { status: 'accepted', statedAt: 9 }),
      young: goal('young', { ...merged, statedAt: 2 }),
      ready: goal('ready', { status: 'ready', statedAt: 0 }),
      none: goal('none', {}),
    };
    expect(reviewable(goals).map(({ id }) => id)).toEqual(['ready', 'young', 'old', 'done']);
  });

  it('lists the merge queue in order, what is being merged first', () => {
    const attempts = { a: attempt('a', 'merge-queued'), b: attempt('b', 'merging'), c: attempt('c', 'merge-queued') };
    expect(mergeQueueOf(goal('g', { attempts, mergeQueue: ['c', 'a'] }))).toEqual([
      { attempt: 'b', merging: true },
      { attempt: 'c', merging: false },
      { attempt: 'a', merging: false },
    ]);
    expect(mergeQueueOf(goal('g', { attempts, mergeQueue: ['b', 'a'] })).map((each) => each.attempt)).toEqual([
      'b',
      'a',
    ]);
  });
});
