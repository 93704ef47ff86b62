import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { systemClock } from '#main/platform/clock.ts';
import { countingIds } from '#main/platform/ids.ts';
import type { CallOutcome, CallRequest } from '#main/ports/call-authority/port.ts';
import { createBudgets } from './service.ts';

const GOAL = 'goal/g';
const RUNS = ['run/a', 'run/b'] as const;
const A = { node: RUNS[0], agent: 'ann' };
const B = { node: RUNS[1], agent: 'bob' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aios-budgets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A request of 100 for its prompt and 1,000 for its answer. */
function request(call: string): CallRequest {
  return { run: 'r', call, model: 'm', promptTokens: 10, promptNanos: 100, outputNanosPerToken: 1, maxTokens: 1_000 };
}

function outcome(call: string, next: string | null, nanos: number | null = 50): CallOutcome {
  return {
    run: 'r',
    call,
    model: 'm',
    status: 'completed',
    usage: null,
    nanos,
    httpStatus: 200,
    milliseconds: 1,
    messagesSeen: [],
    next: next === null ? null : request(next),
  };
}

/** Budgets over a real journal; what waits ahead is kept and given back as the gateway does it. */
async function open(cap: number | null, hooks: { reclaiming?: () => Promise<void> } = {}) {
  const clock = systemClock();
  const journal = createSqliteJournal(join(folder, 'journal.db'));
  const engine = createEngine({ journal, clock, newId: countingIds(), report: () => undefined });
  const waiting = new Set<string>();
  let reclaims = 0;
  const budgets = createBudgets(engine, async () => {
    reclaims += 1;
    const calls = [...waiting];
    waiting.clear();
    await budgets.release(calls);
    await hooks.reclaiming?.();
  });
  await engine.open();
  await engine.resume();
  for (const run of RUNS) {
    await budgets.open([
      { node: GOAL, kind: 'goal', cap },
      { node: run, kind: 'run', cap: null },
    ]);
  }
  return {
    engine,
    budgets,
    reclaims: () => reclaims,
    /** A call from its reservation to its settlement, with another reserved ahead. */
    async ahead(run: { node: string; agent: string }, call: string, next: string) {
      await budgets.reserve(request(call), run);
      const made = await budgets.settle(outcome(call, next), run);
      if (made) waiting.add(made.call);
      return made;
    },
  };
}

describe('a call reserved ahead', () => {
  it('holds its money like any other until it is settled', async () => {
    const { engine, budgets, ahead } = await open(10_000);
    expect(await ahead(A, 'one', 'two')).toMatchObject({ call: 'two' });
    expect(budgets.node(GOAL)).toMatchObject({ spent: 50, reserved: 1_100 });
    await budgets.settle(outcome('two', null), A);
    expect(budgets.node(GOAL)).toMatchObject({ spent: 100, reserved: 0, calls: 2 });
    await engine.stop();
  });

  it('is not made where the room does not cover all of it, and the settlement stands', async () => {
    const { engine, budgets, ahead } = await open(1_149);
    expect(await ahead(A, 'one', 'two')).toBeNull();
    expect(budgets.node(GOAL)).toMatchObject({ spent: 50, reserved: 0 });
    await engine.stop();
  });

  it('costs nothing once released, and a release that is repeated or comes late changes nothing', async () => {
    const { engine, budgets, ahead } = await open(10_000);
    await ahead(A, 'one', 'two');
    await budgets.release(['two']);
    await budgets.release(['two', 'one', 'never']);
    expect(await budgets.settle(outcome('two', null, 500), A)).toBeNull();
    expect(budgets.node(GOAL)).toMatchObject({ spent: 50, reserved: 0, calls: 1 });
    await engine.stop();
  });

  it('gives way to a call that is there, before that is clamped or refused', async () => {
    const { engine, budgets, ahead, reclaims } = await open(1_200);
    expect(await ahead(A, 'one', 'two')).not.toBeNull();
    expect(await budgets.reserve(request('three'), B)).toMatchObject({ kind: 'granted', maxTokens: 1_000 });
    expect(reclaims()).toBe(1);
    expect(Object.keys(budgets.state().open)).toEqual(['three']);
    expect(await budgets.reserve(request('four'), A)).toMatchObject({ kind: 'refused' });
    await engine.stop();
  });

  it('disturbs nobody where there is room for both', async () => {
    const { engine, budgets, ahead, reclaims } = await open(10_000);
    await ahead(A, 'one', 'two');
    await budgets.reserve(request('three'), B);
    expect(reclaims()).toBe(0);
    expect(Object.keys(budgets.state().open).sort()).toEqual(['three', 'two']);
    await engine.stop();
  });

  it('takes no room while a call that is short waits for it', async () => {
    const hooks: { reclaiming?: () => Promise<void> } = {};
    const { engine, budgets, ahead } = await open(2_260, hooks);
    await ahead(A, 'one', 'two');
    await budgets.reserve(request('busy'), A);
    // Another call ends just then; were its next one reserved, it would hold what is missing here.
    hooks.reclaiming = async () => expect(await budgets.settle(outcome('busy', 'later'), A)).toBeNull();
    expect(await budgets.reserve(request('three'), B)).toMatchObject({ kind: 'granted', maxTokens: 1_000 });
    expect(await ahead(A, 'four', 'five')).toBeNull();
    await engine.stop();
  });

  it('is released when a cap is lowered, before that is reported as done', async () => {
    const { engine, budgets, ahead } = await open(10_000);
    await ahead(A, 'one', 'two');
    expect(await budgets.setCap(GOAL, 0, 'ceo')).toMatchObject({ ok: true });
    expect(budgets.node(GOAL)).toMatchObject({ spent: 50, reserved: 0 });
    expect(await budgets.reserve(request('three'), A)).toMatchObject({ kind: 'refused' });
    await engine.stop();
  });

  it('is charged after a crash, once: nobody knows whether it left', async () => {
    const first = await open(10_000);
    await first.ahead(A, 'one', 'two');
    await first.engine.stop();

    const second = await open(10_000);
    await second.budgets.settleLost();
    await second.budgets.settleLost();
    expect(second.budgets.node(GOAL)).toMatchObject({ spent: 1_150, reserved: 0, calls: 2 });
    await second.engine.stop();
  });

  it('is as it was when its journal is read again', async () => {
    const first = await open(10_000);
    await first.ahead(A, 'one', 'two');
    await first.budgets.release(['two']);
    await first.ahead(B, 'three', 'four');
    const before = first.budgets.state();
    await first.engine.stop();

    const second = await open(10_000);
    expect(second.budgets.state()).toEqual(before);
    await second.engine.stop();
  });
});
