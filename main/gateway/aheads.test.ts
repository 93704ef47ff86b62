import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRequest } from '#main/ports/call-authority/port.ts';
import { createAheads, type Wanted } from './aheads.ts';
import { manualClock } from './test-support.ts';

const UNUSED_MS = 10_000;

function wanted(changes: Partial<Wanted> = {}): Wanted {
  return {
    run: 'run_1',
    model: 'm',
    promptTokens: 10,
    promptNanos: 100,
    outputNanosPerToken: 2,
    maxTokens: 50,
    ...changes,
  };
}

function kit() {
  const clock = manualClock();
  const released: string[] = [];
  const aheads = createAheads(clock, async (calls) => {
    await Promise.resolve();
    released.push(...calls);
  });
  const keep = (call: string, changes: Partial<Wanted> = {}, thread = '') => {
    const ahead = { ...wanted(changes), call };
    aheads.keep(ahead, thread, Promise.resolve(ahead));
  };
  return { clock, released, aheads, keep };
}

describe('a reservation made ahead', () => {
  it('is taken by one call and then gone', async () => {
    const { aheads, released, keep } = kit();
    keep('a');
    expect(await aheads.take(wanted(), '')).toMatchObject({ call: 'a' });
    expect(await aheads.take(wanted(), '')).toBeUndefined();
    await aheads.giveBack();
    expect(released).toEqual([]);
  });

  it.each([
    ['a longer prompt', { promptNanos: 101 }],
    ['a longer answer', { maxTokens: 51 }],
    ['a dearer answer', { outputNanosPerToken: 3 }],
  ])('is given back, not stretched, for %s', async (_, changes) => {
    const { aheads, released, keep } = kit();
    keep('a');
    expect(await aheads.take(wanted(changes), '')).toBeUndefined();
    await aheads.giveBack();
    expect(released).toEqual(['a']);
  });

  it.each([
    ['run', { run: 'run_2' }, ''],
    ['model', { model: 'other' }, ''],
    ['thread', {}, 'sub-agent'],
  ])('is of no use to another %s', async (_, changes, thread) => {
    const { aheads, keep } = kit();
    keep('a');
    expect(aheads.has(wanted(changes), thread)).toBe(false);
    expect(await aheads.take(wanted(changes), thread)).toBeUndefined();
    expect(aheads.has(wanted(), '')).toBe(true);
  });

  it('is waited for while it is being stored, and no call has it when it was not', async () => {
    const { aheads, released } = kit();
    const ahead = { ...wanted(), call: 'a' };
    const stored = Promise.withResolvers<CallRequest | null>();
    aheads.keep(ahead, '', stored.promise);
    const taken = aheads.take(wanted(), '');
    stored.resolve(null);
    expect(await taken).toBeUndefined();
    await aheads.giveBack();
    expect(released).toEqual([]);
  });

  it('is given back when no call comes for it', async () => {
    const { clock, aheads, released, keep } = kit();
    keep('a');
    clock.advance(UNUSED_MS);
    expect(aheads.has(wanted(), '')).toBe(false);
    await aheads.giveBack();
    expect(released).toEqual(['a']);
  });

  it('is given back with its run, and the runs of others keep theirs', async () => {
    const { aheads, released, keep } = kit();
    keep('a');
    keep('b', {}, 'sub-agent');
    keep('c', { run: 'run_2' });
    await aheads.giveBack('run_1');
    expect(released.sort()).toEqual(['a', 'b']);
    expect(await aheads.take(wanted({ run: 'run_2' }), '')).toMatchObject({ call: 'c' });
  });

  it('counts as given back only when that is stored, also where it was on its way already', async () => {
    const { clock, aheads, released } = kit();
    const ahead = { ...wanted(), call: 'a' };
    const stored = Promise.withResolvers<CallRequest | null>();
    aheads.keep(ahead, '', stored.promise);
    clock.advance(UNUSED_MS);
    let given = false;
    const giving = aheads.giveBack().then(() => {
      given = true;
    });
    await new Promise(setImmediate);
    expect(given).toBe(false);
    stored.resolve(ahead);
    await giving;
    expect(released).toEqual(['a']);
  });

  it('is used by exactly one call or given back exactly once, whatever happens in whatever order', async () => {
    const runs = ['run_1', 'run_2'] as const;
    const threads = ['', 'sub'] as const;
    const place = { run: fc.constantFrom(...runs), thread: fc.constantFrom(...threads) };
    const step = fc.oneof(
      fc.record({ kind: fc.constant('keep' as const), ...place, stored: fc.boolean(), late: fc.boolean() }),
      fc.record({ kind: fc.constant('take' as const), ...place, prompt: fc.integer({ min: 90, max: 110 }) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(12_000) }),
      fc.record({ kind: fc.constant('back' as const), run: fc.constantFrom(undefined, ...runs) }),
      fc.record({ kind: fc.constant('settle' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const { clock, released, aheads } = kit();
        const made: string[] = [];
        const taken: string[] = [];
        const late: Array<() => void> = [];
        const takes: Array<Promise<void>> = [];
        let calls = 0;
        for (const each of steps) {
          if (each.kind === 'keep') {
            calls += 1;
            const ahead = { ...wanted({ run: each.run }), call: `c${calls}` };
            const { promise, resolve } = Promise.withResolvers<CallRequest | null>();
            const store = () => resolve(each.stored ? ahead : null);
            if (each.stored) made.push(ahead.call);
            if (each.late) late.push(store);
            else store();
            aheads.keep(ahead, each.thread, promise);
          } else if (each.kind === 'take') {
            const ask = wanted({ run: each.run, promptNanos: each.prompt });
            takes.push(
              aheads.take(ask, each.thread).then((found) => {
                if (!found) return;
                expect(found.promptNanos).toBeGreaterThanOrEqual(each.prompt);
                expect(found.run).toBe(each.run);
                taken.push(found.call);
              }),
            );
          } else if (each.kind === 'wait') clock.advance(each.ms);
          else if (each.kind === 'back') takes.push(aheads.giveBack(each.run));
          else late.shift()?.();
        }
        for (const store of late) store();
        await Promise.all(takes);
        await aheads.giveBack();
        expect([...taken, ...released].sort()).toEqual(made.sort());
      }),
    );
  });
});
