import type { BudgetNode, Budgets, Usage } from '#protocol/model/budget/state.ts';

/** A budget with how deep it lies in the tree. */
export interface BudgetRow extends BudgetNode {
  readonly depth: number;
}

/** The tree from its roots down, what spent most first. A node whose parent is unknown counts as a root. */
export function budgetRows(budgets: Budgets): BudgetRow[] {
  const children = new Map<string | null, BudgetNode[]>();
  for (const node of Object.values(budgets.nodes)) {
    const parent = node.parent !== null && budgets.nodes[node.parent] ? node.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const below = (parent: string | null, depth: number): BudgetRow[] =>
    (children.get(parent) ?? [])
      .sort((one, other) => other.spent - one.spent)
      .flatMap((node) => [{ ...node, depth }, ...below(node.id, depth + 1)]);
  return below(null, 0);
}

/** Share of the input that came from the cache, 0 to 1; null without input. */
export function cacheShare(usage: Usage): number | null {
  const all = usage.input + usage.cacheWrite + usage.cacheRead;
  return all === 0 ? null : usage.cacheRead / all;
}
