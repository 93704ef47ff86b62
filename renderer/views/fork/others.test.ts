import { expect, test } from 'vitest';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { othersOf } from './others.ts';

const goal = (id: string, statedAt: number, from: string | null = null, project = 'p'): Goal => ({
  ...emptyGoal(id),
  status: 'ready',
  project,
  statedAt,
  forkedFrom: from === null ? null : { goal: from, at: { kind: 'start' }, commit: 'c', done: [], tasks: [] },
});

test('relatives come first, then the newest; other projects do not come', () => {
  const all = [
    goal('a', 1),
    goal('b', 2, 'a'),
    goal('c', 3, 'a'),
    goal('d', 4, 'b'),
    goal('e', 5),
    goal('x', 6, null, 'q'),
  ];
  const goals = Object.fromEntries(all.map((each) => [each.id, each]));
  const ids = (of: number) => othersOf(goals, all[of] ?? goal('none', 0)).map((each) => each.id);
  expect(ids(1)).toEqual(['a', 'd', 'c', 'e']);
  expect(ids(4)).toEqual(['d', 'c', 'b', 'a']);
});
