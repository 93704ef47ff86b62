import { describe, expect, it } from 'vitest';
import type { AssignmentReason } from '#protocol/model/goal/expertise.ts';
import { type Attempt, emptyGoal } from '#protocol/model/goal/state.ts';
import { whyOf } from './why.ts';

const goal = {
  ...emptyGoal('g'),
  agents: { a: { id: 'a', name: 'Backend 2', role: 'backend', driver: 'x', model: 'x', lead: false } },
};
const gotBy = (reason?: AssignmentReason) => whyOf(goal, { agent: 'a', reason } as Attempt);

describe('why an agent got a task', () => {
  it('is one sentence with the figures that decided', () => {
    const reason = { among: 3, chance: 0.844, next: 0.61, seen: 12 };
    expect(gotBy({ ...reason, rule: 'expertise' })).toBe(
      'Backend 2: 84 % expected to succeed, next best 61 %, from 12 attempts.',
    );
    expect(gotBy({ ...reason, rule: 'load' })).toBe('Backend 2 had the least to do of 3 who could.');
    expect(gotBy({ ...reason, rule: 'only' })).toBe('Backend 2 was the only one who could.');
    expect(gotBy()).toBeNull();
  });
});
