import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { loopStart, watchLoop } from './loop.ts';
import type { Finding, Observation } from './observation.ts';
import { pingPongStart, watchPingPong } from './ping-pong.ts';
import { likeness, PORTIONS, sketchOf } from './sketch.ts';
import { watch, watchStart } from './watch.ts';

type Step = Extract<Observation, { kind: 'step' }>;

/** A number in letters: digits are folded away where results are compared. */
const lettered = (text: string) => text.replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');

/** Words that occur nowhere else in a test. */
const unique = (seed: string, words = 12) =>
  Array.from({ length: words }, (_, at) => lettered(`w${seed}x${at}`)).join(' ');

const step = (name: string, over: Partial<Step> = {}): Step => ({
  kind: 'step',
  by: 'ann',
  tool: 'Bash',
  effect: 'run',
  input: `{"command":"${unique(name, 6)}"}`,
  ok: true,
  output: unique(`out${name}`),
  ...over,
});

/** Everything the guards find in a stream, with the position of each finding. */
function findings(stream: readonly Observation[]): Array<Finding & { at: number }> {
  let state = watchStart;
  return stream.flatMap((seen, at) => {
    const next = watch(state, seen);
    state = next.state;
    return next.finding ? [{ ...next.finding, at }] : [];
  });
}

const kinds = fc.constantFrom<Observation['kind']>('step', 'text');
const effects = fc.constantFrom<Step['effect']>('look', 'change', 'run', 'talk');

describe('the loop guard', () => {
  it('accuses nobody who never does the same twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, effects, fc.boolean()), { maxLength: 120 }), (shape) => {
        let state = loopStart;
        for (const [at, [kind, effect, ok]] of shape.entries()) {
          const seen: Observation =
            kind === 'text' ? { kind: 'text', by: 'ann', text: unique(`t${at}`) } : step(`s${at}`, { effect, ok });
          const next = watchLoop(state, seen, LIMITS.loop);
          state = next.state;
          expect(next.finding).toBeNull();
        }
      }),
    );
  });

  it('finds a cycle of any period within its memory, with other steps in between, and stops it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }),
        (period, noise) => {
          const { repeats, stopAfter } = LIMITS.loop;
          let state = loopStart;
          let cycled = 0;
          const levels: string[] = [];
          for (const [at, noisy] of noise.entries()) {
            // At most every other step is noise: the delay is counted in steps of the cycle.
            const isNoise = noisy && at % 2 === 0;
            const seen = isNoise ? step(`n${at}`, { effect: 'look' }) : step(`c${cycled % period}`);
            if (!isNoise) cycled += 1;
            const next = watchLoop(state, seen, LIMITS.loop);
            state = next.state;
            if (!next.finding) continue;
            levels.push(next.finding.level);
            if (next.finding.level === 'notice') expect(cycled).toBeLessThanOrEqual(repeats * period);
            if (next.finding.level === 'stop') {
              expect(cycled).toBeLessThanOrEqual((repeats + stopAfter) * period);
              break;
            }
          }
          expect(levels).toEqual(['notice', 'stop']);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sees through small differences, and says what it saw', () => {
    const long = unique('long', 80);
    const stream = [1, 2, 3, 4].map((at) =>
      step('', { input: `${long} try ${at}`, output: `failed in ${at}17 ms`, ok: false }),
    );
    const [found] = findings(stream);
    expect(found).toMatchObject({ guard: 'loop', level: 'notice', at: 3 });
    expect(found?.evidence).toMatch(
      /^The same call of Bash with the same result \(it failed\) came 4 times in 4 steps, at least 9\d % alike\./,
    );
  });

  it('leaves alone who tests after each change, who polls and sees news, and who asks different things alike', () => {
    const test = step('test', { ok: false });
    const edits = Array.from({ length: 12 }, (_, at) => [step(`e${at}`, { effect: 'change' }), test]).flat();
    const polls = Array.from({ length: 12 }, (_, at) => step('poll', { output: unique(`news${at}`) }));
    const reads = Array.from({ length: 12 }, (_, at) =>
      step('read', { effect: 'look', input: `{"path":"a.ts","line":${at}00}`, output: unique(`part${at}`, 40) }),
    );
    const searches = Array.from({ length: 12 }, (_, at) =>
      step('search', {
        effect: 'look',
        input: `{"pattern":"${unique(`p${at}`, 1)}","path":"/${unique('deep', 20)}"}`,
        output: 'No matches found',
      }),
    );
    expect(findings([...edits, ...polls, ...reads, ...searches])).toEqual([]);
  });

  it('finds who undoes and redoes the same change', () => {
    const stream = Array.from({ length: 10 }, (_, at) =>
      step(`edit${at % 2}`, { effect: 'change', output: 'The file is updated.' }),
    );
    expect(findings(stream)[0]).toMatchObject({ guard: 'loop', level: 'notice' });
  });

  it('keeps a bounded memory however long a run is', () => {
    let state = watchStart;
    for (let at = 0; at < 1_000; at += 1) state = watch(state, step(`s${at}`, { output: unique(`o${at}`, 300) })).state;
    expect(state.loop.patterns.length).toBeLessThanOrEqual(LIMITS.loop.memory);
    expect(state.stall.known.portions.length).toBeLessThanOrEqual(PORTIONS);
    expect(Math.max(...state.stall.known.portions.map((portion) => portion.size))).toBeLessThanOrEqual(256);
    expect(Math.max(...state.loop.patterns.map((each) => each.output.hashes.length))).toBeLessThanOrEqual(256);
  });
});

describe('the stall guard', () => {
  const { idle, stopAfter, afterDone, stopAfterDone } = LIMITS.stall;
  /** Different calls that all say what is known. */
  const nothing = (at: number) => step(`q${at}`, { ok: false, output: 'not found' });

  it('finds work that goes nowhere, tells, then stops', () => {
    const found = findings(Array.from({ length: idle + stopAfter }, (_, at) => nothing(at)));
    expect(found).toMatchObject([
      { guard: 'stall', level: 'notice', at: idle - 1 },
      { guard: 'stall', level: 'stop', at: idle + stopAfter - 1 },
    ]);
    expect(found[0]?.evidence).toContain(`${idle} failed calls, 0 calls that said what was known, 0 texts`);
  });

  it('is content with one new change or one new finding in time', () => {
    const part = (from: number) => Array.from({ length: idle - 2 }, (_, at) => nothing(from + at));
    const stream = [
      ...part(0),
      step('x', { effect: 'change' }),
      ...part(100),
      step('y', { effect: 'look' }),
      ...part(200),
    ];
    expect(findings(stream)).toEqual([]);
  });

  it('ends a turn that goes on after the claim, unless there is work again', () => {
    const done: Observation = { kind: 'done', by: 'ann' };
    const calls = (count: number) => Array.from({ length: count }, (_, at) => step(`l${at}`, { effect: 'look' }));
    const found = findings([done, ...calls(stopAfterDone)]);
    expect(found.map(({ level, at }) => [level, at])).toEqual([
      ['notice', afterDone],
      ['stop', stopAfterDone],
    ]);
    expect(
      findings([done, ...calls(afterDone - 1), step('fix', { effect: 'change' }), ...calls(stopAfterDone)]),
    ).toEqual([]);
  });
});

describe('the guard against unproven claims', () => {
  const says = (text: string): Observation => ({ kind: 'text', by: 'ann', text });
  const claim = says('All tests pass and the result has been verified.');
  const guards = (...stream: Observation[]) => findings(stream).map((each) => each.guard);

  it.each([
    ['nothing was done', []],
    ['a file was changed since', [step('t'), step('e', { effect: 'change' })]],
    ['what ran last failed', [step('t'), step('u', { ok: false })]],
    ['what ran said nothing', [step('t', { output: '[]' })]],
  ])('finds a claim where %s', (_, before) => {
    expect(guards(...before, claim)).toEqual(['false-done']);
  });

  it('believes what ran after the change, and what only plans to verify', () => {
    expect(guards(step('e', { effect: 'change' }), step('t'), claim)).toEqual([]);
    expect(guards(says('I will run the tests and verify the result next.'))).toEqual([]);
  });

  it('tells once', () => {
    expect(guards(claim, says('It was confirmed as I said.'), says('The task is done.'))).toEqual(['false-done']);
  });
});

describe('the ping-pong guard', () => {
  const run = (texts: ReadonlyArray<readonly [string, string]>) => {
    let state = pingPongStart;
    return texts.flatMap(([from, text], at) => {
      const next = watchPingPong(state, { from, text }, LIMITS.pingPong);
      state = next.state;
      return next.finding ? [{ ...next.finding, at }] : [];
    });
  };

  it('accuses nobody who says something new', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ann', 'bob', 'tess'), { maxLength: 80 }), (writers) => {
        expect(run(writers.map((from, at) => [from, unique(`m${at}`)]))).toEqual([]);
      }),
    );
  });

  it('finds any number of agents that go round, within a bounded number of messages', () => {
    const { stale, stopAfter } = LIMITS.pingPong;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 4 }), (agents, different) => {
        const found = run(Array.from({ length: 30 }, (_, at) => [`agent${at % agents}`, unique(`p${at % different}`)]));
        expect(found[0]).toMatchObject({ guard: 'ping-pong', level: 'notice' });
        expect(found[0]?.at).toBeLessThan(different + stale);
        expect(found.find((each) => each.level === 'stop')?.at).toBeLessThan(different + stale + stopAfter);
      }),
    );
  });

  it('does not take one that repeats itself for two', () => {
    expect(run(Array.from({ length: 12 }, () => ['ann', unique('same')]))).toEqual([]);
  });
});

describe('a sketch', () => {
  it('estimates the likeness of long texts, and is the same for the same text', () => {
    const words = Array.from({ length: 4_000 }, (_, at) => `w${at}`);
    const whole = sketchOf(words.join(' '));
    const half = sketchOf([...words.slice(0, 2_000), ...words.slice(0, 2_000).map((word) => `${word}b`)].join(' '));
    expect(likeness(whole, sketchOf(words.join(' ')))).toBe(1);
    expect(likeness(whole, half)).toBeGreaterThan(0.2);
    expect(likeness(whole, half)).toBeLessThan(0.47);
    expect(likeness(whole, sketchOf(unique('other', 900)))).toBe(0);
  });
});
