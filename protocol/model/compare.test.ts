import { expect, test } from 'vitest';
import { emptyBudgets } from './budget/state.ts';
import { compareFiles, factsOf, takenOver } from './compare.ts';
import { emptyGoal, type Goal } from './goal/state.ts';

test('files are told apart by who changes them, and whether the same came out', () => {
  expect(compareFiles(['a', 'c', 'd'], ['b', 'c', 'd'], new Set(['a', 'b', 'd']))).toEqual([
    { path: 'a', in: 'a' },
    { path: 'b', in: 'b' },
    { path: 'c', in: 'both-same' },
    { path: 'd', in: 'both-different' },
  ]);
});

test('what a fork took over is told apart from what the other paid for the rest', () => {
  const node = (spent: number) => ({ id: '', parent: null, kind: '', cap: null, spent, reserved: 0, calls: 3 });
  const budgets = { ...emptyBudgets(), nodes: { 'goal/a': node(10), 'task/t1': node(7), 'goal/b': node(4) } };
  const a: Goal = { ...emptyGoal('a'), status: 'running', statedAt: 100 };
  const forkedFrom = { goal: 'a', at: { kind: 'start' as const }, commit: 'c', done: ['t1'], tasks: [] };
  const b: Goal = { ...emptyGoal('b'), status: 'ready', tip: 'c', statedAt: 100, endedAt: 150, forkedFrom };
  expect(factsOf(a, budgets, { taken: takenOver(a, b), now: 190 })).toMatchObject({
    spent: 10,
    spentBefore: 7,
    wallMs: 90,
    whole: false,
  });
  expect(factsOf(b, budgets, { taken: takenOver(b, a), now: 190 })).toMatchObject({
    spent: 4,
    spentBefore: 0,
    wallMs: 50,
    whole: true,
  });
});
