import { expect, it } from 'vitest';
import type { BudgetNode } from '#protocol/model/budget/state.ts';
import { budgetRows, cacheShare } from './rows.ts';

function node(id: string, parent: string | null, spent: number): BudgetNode {
  return { id, parent, spent, kind: 'x', cap: null, reserved: 0, calls: 0 };
}

it('lists the tree from the roots, what spent most first, orphans as roots', () => {
  const nodes = [
    node('run/1', 'goal/1', 1),
    node('goal/1', null, 3),
    node('run/2', 'goal/1', 2),
    node('lost', 'gone', 0),
  ];
  const rows = budgetRows({
    nodes: Object.fromEntries(nodes.map((each) => [each.id, each])),
    open: {},
    byAgent: {},
    byModel: {},
  });
  expect(rows.map((row) => [row.id, row.depth])).toEqual([
    ['goal/1', 0],
    ['run/2', 1],
    ['run/1', 1],
    ['lost', 0],
  ]);
});

it('knows how much came from the cache', () => {
  const usage = { nanos: 0, calls: 0, output: 5, input: 10, cacheWrite: 10, cacheRead: 80 };
  expect(cacheShare(usage)).toBe(0.8);
  expect(cacheShare({ ...usage, input: 0, cacheWrite: 0, cacheRead: 0 })).toBeNull();
});
