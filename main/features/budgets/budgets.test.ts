import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecideContext } from '#main/engine/area.ts';
import { countingIds } from '#main/platform/ids.ts';
import { type Budgets, emptyBudgets, evolveBudgets, pathOf } from '#protocol/model/budget/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import { type BudgetCommand, decideBudget, type ReserveCommand } from './decide.ts';

const context: DecideContext = { now: 0, newId: countingIds(), keep: () => ({ id: 'p', hash: 'h' }), epoch: 1 };
const NO_TOKENS = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };
const NODES = ['company', 'goal', 'run1', 'run2'] as const;

/** Applies commands in order; the only writer there is. */
function tree(caps: readonly (number | null)[]) {
  let state: Budgets = emptyBudgets();
  const apply = (command: BudgetCommand) => {
    const decision = decideBudget(state, command, context);
    if (decision.kind === 'events') for (const event of decision.events) state = evolveBudgets(state, event, 1);
    return decision;
  };
  const open = (node: string, parent: string | null, cap: number | null) =>
    apply({ type: 'open', node, parent, kind: 'goal', cap });
  open('company', null, caps[0] ?? null);
  open('goal', 'company', caps[1] ?? null);
  open('run1', 'goal', caps[2] ?? null);
  open('run2', 'goal', caps[3] ?? null);
  return { apply, state: () => state };
}

const wanted = (
  call: string,
  node: string,
  promptNanos: number,
  outputNanosPerToken: number,
  maxTokens: number,
): ReserveCommand => ({
  type: 'reserve',
  call,
  node,
  agent: 'a',
  model: 'm',
  promptNanos,
  outputNanosPerToken,
  maxTokens,
});

/** What was just reserved fits below every cap above. What is free overshoots nothing, even where the cap was lowered below what is held. */
function keepsCaps(state: Budgets, run: string, decision: ReturnType<typeof decideBudget>): void {
  const costs =
    decision.kind === 'events' && decision.events.some((event) => event.type === 'call.reserved' && event.nanos > 0);
  if (!costs) return;
  for (const node of pathOf(state, run)) {
    if (node.cap !== null) expect(node.spent + node.reserved).toBeLessThanOrEqual(node.cap);
  }
}

describe('budgets', () => {
  it('never reserve beyond any cap above, and add up at every node', () => {
    const cap = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null });
    const step = fc.oneof(
      fc.record({
        type: fc.constant('reserve' as const),
        node: fc.constantFrom('run1', 'run2'),
        prompt: fc.nat(20_000),
        price: fc.nat(20),
        tokens: fc.integer({ min: 1, max: 3_000 }),
      }),
      fc.record({
        type: fc.constant('settle' as const),
        at: fc.nat(50),
        nanos: fc.option(fc.nat(40_000), { nil: null }),
        next: fc.option(
          fc.record({
            node: fc.constantFrom('run1', 'run2'),
            prompt: fc.nat(20_000),
            price: fc.nat(20),
            tokens: fc.integer({ min: 1, max: 3_000 }),
          }),
          { nil: null },
        ),
      }),
      fc.record({ type: fc.constant('release' as const), at: fc.array(fc.nat(50), { maxLength: 4 }) }),
      fc.record({ type: fc.constant('cap' as const), node: fc.constantFrom(...NODES), cap }),
    );
    fc.assert(
      fc.property(
        fc.array(cap, { minLength: 4, maxLength: 4 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        (caps, steps) => {
          const on = tree(caps);
          let calls = 0;
          for (const each of steps) {
            if (each.type === 'cap') on.apply({ type: 'set-cap', node: each.node, cap: each.cap, by: 'ceo' });
            else if (each.type === 'release') {
              on.apply({ type: 'release', calls: each.at.map((at) => `call${at}`) });
            } else if (each.type === 'settle') {
              const { next } = each;
              const ahead = next && wanted(`call${calls}`, next.node, next.prompt, next.price, next.tokens);
              if (next) calls += 1;
              const decision = on.apply({
                type: 'settle',
                call: `call${each.at}`,
                nanos: each.nanos,
                status: 'completed',
                tokens: NO_TOKENS,
                ...(ahead ? { next: { ...ahead, whole: true } } : {}),
              });
              if (next) keepsCaps(on.state(), next.node, decision);
            } else {
              const decision = on.apply(wanted(`call${calls}`, each.node, each.prompt, each.price, each.tokens));
              calls += 1;
              keepsCaps(on.state(), each.node, decision);
            }
            const { nodes, open } = on.state();
            const held = Object.values(open).reduce((sum, call) => sum + call.nanos, 0);
            expect(nodes['company']?.reserved).toBe(held);
            expect(nodes['goal']?.spent).toBe((nodes['run1']?.spent ?? 0) + (nodes['run2']?.spent ?? 0));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('grant exactly what the last cent affords, whoever asks', () => {
    const on = tree([null, nanosFromUsd(0.01), null, null]);
    const price = 100_000;
    const granted = Array.from({ length: 1_000 }, (_, index) =>
      on.apply(wanted(`c${index}`, index % 2 === 0 ? 'run1' : 'run2', price, 1_000, 900)),
    ).filter((decision) => decision.kind === 'events');
    // Ten calls at the full 900 tokens; nothing is left for an eleventh of at least 512.
    expect(granted).toHaveLength(10);
    expect(on.state().nodes['goal']?.reserved).toBe(nanosFromUsd(0.01));
  });

  it('give a call less output when the wall is near, and none below what is worth it', () => {
    const on = tree([null, 1_000, null, null]);
    expect(on.apply(wanted('a', 'run1', 100, 1, 5_000))).toMatchObject({ events: [{ maxTokens: 900, nanos: 1_000 }] });
    expect(on.apply(wanted('b', 'run1', 0, 1, 5_000))).toMatchObject({ kind: 'refused', fault: { tag: 'budget' } });
  });

  it('charge the reservation when usage never came, once', () => {
    const on = tree([null, null, null, null]);
    on.apply(wanted('a', 'run1', 100, 1, 600));
    const settle: BudgetCommand = { type: 'settle', call: 'a', nanos: null, status: 'lost', tokens: NO_TOKENS };
    on.apply(settle);
    on.apply(settle);
    expect(on.state().nodes['company']).toMatchObject({ spent: 700, reserved: 0, calls: 1 });
  });

  it('reserve the next call whole or not at all, and settle the last one either way', () => {
    const on = tree([null, 1_000, null, null]);
    on.apply(wanted('a', 'run1', 100, 1, 600));
    const settle = (call: string, next: ReserveCommand): BudgetCommand => ({
      type: 'settle',
      call,
      nanos: 100,
      status: 'completed',
      tokens: NO_TOKENS,
      next: { ...next, whole: true },
    });
    on.apply(settle('a', wanted('b', 'run1', 100, 1, 800)));
    expect(on.state().nodes['goal']).toMatchObject({ spent: 100, reserved: 900 });
    on.apply(settle('b', wanted('c', 'run1', 100, 1, 701)));
    expect(on.state().nodes['goal']).toMatchObject({ spent: 200, reserved: 0 });
    expect(on.state().open).toEqual({});
  });

  it('count a released reservation neither as spent nor as a call', () => {
    const on = tree([null, 1_000, null, null]);
    on.apply(wanted('a', 'run1', 100, 1, 600));
    on.apply({ type: 'release', calls: ['a', 'a', 'unknown'] });
    expect(on.state().nodes['company']).toMatchObject({ spent: 0, reserved: 0, calls: 0 });
    expect(on.state().byAgent).toEqual({});
  });

  it('spend nothing at a cap of zero', () => {
    expect(tree([0, null, null, null]).apply(wanted('a', 'run1', 1, 1, 1)).kind).toBe('refused');
  });
});
