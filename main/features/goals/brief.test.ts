import { describe, expect, it } from 'vitest';
import { briefOf } from '#protocol/model/brief.ts';
import { attemptOf, type Bench, bench, check, planned, stated, taskOf, work } from './test-kit.ts';

const START = 1_000_000;

function eventsOf(on: Bench) {
  return on.events.map(({ event: { type, ...data }, at }) => ({ stream: 'goal/goal_1', type, at, data }));
}

function brief(on: Bench, since: number, spent: ReadonlyMap<string, number> = new Map()) {
  return briefOf({ goals: [on.goal()], events: eventsOf(on), spent, since, until: START + 1e9 });
}

/** A board on which `one` is merged and `two` has failed for good. */
function afterADay(): Bench {
  const on = bench();
  on.do(stated({ board: true, ledger: 'real' }));
  on.do({ type: 'add-tasks', tasks: [planned('one'), planned('two', ['one'])], by: 'ceo' });
  on.advance(60_000);
  work(on, taskOf(on, 'Title of one'));
  check(on, taskOf(on, 'Title of one'), 'passed');
  const attempt = attemptOf(on, taskOf(on, 'Title of one')).id;
  on.do({ type: 'merged', attempt, result: 'merged', commit: 'm1', output: '' });
  on.advance(60_000);
  for (let tries = 0; tries < 2; tries += 1) {
    const two = attemptOf(on, taskOf(on, 'Title of two')).id;
    on.do({ type: 'unprepared', attempt: two, cause: 'disk', why: 'full' });
  }
  return on;
}

describe('the brief of a day', () => {
  it('tells what was done, what failed, what was spent, and what waits with what helps', () => {
    const on = afterADay();
    const told = brief(on, START, new Map([['goal_1', 7]]));
    expect(told.done).toMatchObject([{ what: 'task-merged', at: START + 60_000, task: taskOf(on, 'Title of one').id }]);
    expect(told.failed.map((each) => each.what)).toEqual(['goal-stuck', 'task-failed']);
    expect(told.decided).toMatchObject([{ what: 'goal-stated' }]);
    expect(told.spent).toEqual({ real: 7, rehearsal: 0, byGoal: [{ goal: 'goal_1', ledger: 'real', nanos: 7 }] });
    expect(told.waits.length).toBeGreaterThan(0);
    expect(told.waits.every((each) => each.action.do === 'answer')).toBe(true);
  });

  it('leaves out what was before, but never what still waits', () => {
    const on = afterADay();
    const told = brief(on, START + 90_000);
    expect([told.done, told.decided]).toEqual([[], []]);
    expect(told.waits.length).toBeGreaterThan(0);
  });

  it('tells an answer as a decision, and what it set going no longer as waiting', () => {
    const on = afterADay();
    on.advance(60_000);
    const item = Object.values(on.goal().items).find((each) => each.task !== null && each.closed === null);
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'retry', text: '', by: 'ceo' });
    const told = brief(on, START + 150_000);
    expect(told.decided).toMatchObject([{ what: 'answered', kind: 'stuck', answer: 'retry' }]);
    expect(told.waits.some((each) => each.title?.id === item?.title.id)).toBe(false);
  });

  it('never adds real money to rehearsed money', () => {
    const real = bench();
    real.do(stated({ ledger: 'real' }));
    const played = { ...real.goal(), id: 'goal_2', ledger: 'rehearsal' as const };
    const spent = new Map([
      ['goal_1', 3],
      ['goal_2', 50],
    ]);
    const told = briefOf({ goals: [real.goal(), played], events: [], spent, since: 0, until: 1 });
    expect([told.spent.real, told.spent.rehearsal]).toEqual([3, 50]);
  });
});
