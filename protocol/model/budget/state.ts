import type { BudgetEvent } from './event.ts';

/** One node of the tree. `spent` and `reserved` include everything below. */
export interface BudgetNode {
  readonly id: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly cap: number | null;
  readonly spent: number;
  readonly reserved: number;
  readonly calls: number;
}

/** A call that has left, or may, and is not settled. */
export interface OpenCall {
  readonly call: string;
  readonly node: string;
  readonly agent: string;
  readonly model: string;
  readonly nanos: number;
  readonly maxTokens: number;
  readonly epoch: number;
}

/** What an agent or a model has used. */
export interface Usage {
  readonly nanos: number;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** The tree of budgets of a company. */
export interface Budgets {
  readonly nodes: Readonly<Record<string, BudgetNode>>;
  readonly open: Readonly<Record<string, OpenCall>>;
  readonly byAgent: Readonly<Record<string, Usage>>;
  readonly byModel: Readonly<Record<string, Usage>>;
}

/** Nothing opened, nothing spent. */
export function emptyBudgets(): Budgets {
  return { nodes: {}, open: {}, byAgent: {}, byModel: {} };
}

/** The node and all above it, nearest first. */
export function pathOf(budgets: Budgets, node: string): BudgetNode[] {
  const path: BudgetNode[] = [];
  for (let at = budgets.nodes[node]; at; at = at.parent === null ? undefined : budgets.nodes[at.parent]) path.push(at);
  return path;
}

function alongPath(budgets: Budgets, node: string, change: (node: BudgetNode) => Partial<BudgetNode>): Budgets {
  const nodes = { ...budgets.nodes };
  for (const each of pathOf(budgets, node)) nodes[each.id] = { ...each, ...change(each) };
  return { ...budgets, nodes };
}

const NO_USAGE: Usage = { nanos: 0, calls: 0, input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };

function addUsage(
  all: Readonly<Record<string, Usage>>,
  key: string,
  event: Extract<BudgetEvent, { type: 'call.settled' }>,
) {
  const before = all[key] ?? NO_USAGE;
  const { tokens } = event;
  return {
    ...all,
    [key]: {
      nanos: before.nanos + event.nanos,
      calls: before.calls + 1,
      input: before.input + tokens.input,
      output: before.output + tokens.output,
      cacheWrite: before.cacheWrite + tokens.cacheWrite,
      cacheRead: before.cacheRead + tokens.cacheRead,
    },
  };
}

function settled(budgets: Budgets, event: Extract<BudgetEvent, { type: 'call.settled' }>): Budgets {
  const call = budgets.open[event.call];
  if (!call) return budgets;
  const { [event.call]: _, ...open } = budgets.open;
  const changed = alongPath({ ...budgets, open }, call.node, (node) => ({
    spent: node.spent + event.nanos,
    reserved: node.reserved - call.nanos,
    calls: node.calls + 1,
  }));
  return {
    ...changed,
    byAgent: addUsage(changed.byAgent, call.agent, event),
    byModel: addUsage(changed.byModel, call.model, event),
  };
}

/** The next state of the tree. Pure and total. */
export function evolveBudgets(budgets: Budgets, event: BudgetEvent, epoch: number): Budgets {
  switch (event.type) {
    case 'budget.opened': {
      const { type: _, node: id, ...rest } = event;
      return { ...budgets, nodes: { ...budgets.nodes, [id]: { ...rest, id, spent: 0, reserved: 0, calls: 0 } } };
    }
    case 'budget.cap-changed': {
      const node = budgets.nodes[event.node];
      return node ? { ...budgets, nodes: { ...budgets.nodes, [node.id]: { ...node, cap: event.cap } } } : budgets;
    }
    case 'call.reserved': {
      const { type: _, ...call } = event;
      const held = alongPath(budgets, event.node, (node) => ({ reserved: node.reserved + event.nanos }));
      return { ...held, open: { ...held.open, [event.call]: { ...call, epoch } } };
    }
    case 'call.settled':
      return settled(budgets, event);
    case 'call.released': {
      const call = budgets.open[event.call];
      if (!call) return budgets;
      const { [event.call]: _, ...open } = budgets.open;
      return alongPath({ ...budgets, open }, call.node, (node) => ({ reserved: node.reserved - call.nanos }));
    }
    case 'call.refused':
      return budgets;
  }
}
