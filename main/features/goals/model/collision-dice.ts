import { earlierFirst } from '#protocol/model/goal/collide.ts';
import type { CollisionKind } from '#protocol/model/goal/collision.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { GoalCommand } from '../command.ts';

const KINDS: readonly CollisionKind[] = ['conflict', 'conflict', 'conflict', 'same-file', 'leased'];
const MERGES = ['merged', 'nothing', 'conflict', 'rejected', 'error'] as const;

/** A collision of two attempts (one, when they are the same), seen or gone. */
export function collided(goal: Goal, one: string, other: string, dice: number): GoalCommand {
  const pair = [...new Set([one, other])].flatMap((id) => goal.attempts[id] ?? []).sort(earlierFirst);
  const attempts = pair.map((attempt) => attempt.id);
  const collision = attempts.join('~');
  const kind = KINDS[dice % KINDS.length] ?? 'conflict';
  const seen =
    dice % 4 === 0 || attempts.length === 0 ? [] : [{ collision, kind, attempts, elsewhere: null, files: ['f'] }];
  return { type: 'collisions', seen, looked: [collision] };
}

/** How the attempts that are merged together ended. */
export function batchEnded(goal: Goal, dice: number): GoalCommand {
  const ends = goal.batch.map((attempt, index) => {
    const result = MERGES[(dice + index) % MERGES.length] ?? 'error';
    return {
      attempt,
      result,
      commit: 'c',
      output: 'why',
      others: Object.keys(goal.attempts).slice(0, 2),
      files: ['f'],
    };
  });
  return { type: 'batch-merged', ends };
}
