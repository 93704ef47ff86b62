import { describe, expect, it } from 'vitest';
import { emptyGoal, type Goal, type Run } from '#protocol/model/goal/state.ts';
import { extentOf, lanesOf, ticksOf } from './lanes.ts';

function run(id: string, agent: string, startedAt: number | null, endedAt: number | null): Run {
  return {
    id,
    agent,
    attempt: 'att_1',
    reason: 'first',
    resume: false,
    status: endedAt === null ? 'running' : 'ended',
    outcome: null,
    orderedAt: 0,
    startedAt,
    endedAt,
    until: null,
    usage: null,
  };
}

const agent = (id: string, lead = false) => ({ id, name: id, role: id, driver: 'x', model: 'x', lead });

const goal: Goal = {
  ...emptyGoal('goal_1'),
  agents: { a: agent('a'), lead: agent('lead', true) },
  runs: { r1: run('r1', 'a', 100, 200), r2: run('r2', 'a', 300, null), r3: run('r3', 'a', null, null) },
};

describe('lanes', () => {
  it('has one for each agent, the Lead first, with bars for what has started', () => {
    const lanes = lanesOf(goal, {});
    expect(lanes.map((lane) => [lane.agent, lane.bars.map((bar) => bar.run.id)])).toEqual([
      ['lead', []],
      ['a', ['r1', 'r2']],
    ]);
    expect(extentOf(lanes, 900)).toEqual({ from: 100, to: 1_100 });
    expect(extentOf(lanesOf(emptyGoal('x'), {}), 900)).toBeNull();
  });

  it('puts ticks at round moments', () => {
    expect(ticksOf(1_500, 9_000, 10)).toEqual([2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000]);
    expect(ticksOf(0, 3_600_000, 6).length).toBeLessThanOrEqual(7);
  });
});
