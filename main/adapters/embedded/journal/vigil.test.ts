import { describe, expect, it } from 'vitest';
import { createVigil } from './vigil.ts';

/** An event loop that turns when told, ten microseconds a turn. */
function loop() {
  let now = 0;
  let turns: Array<() => void> = [];
  const vigil = createVigil({
    look: () => undefined,
    giveUp: () => undefined,
    now: () => now,
    nextTurn: (run) => turns.push(run),
  });
  return {
    vigil,
    /** Turns until the loop would sleep, at most so many times; how often it turned. */
    turn(most = 1_000): number {
      let turned = 0;
      for (; turned < most && turns.length > 0; turned += 1) {
        const due = turns;
        turns = [];
        now += 0.01;
        for (const run of due) run();
      }
      return turned;
    },
  };
}

describe('a vigil', () => {
  it('lets the loop sleep once the answer is there', () => {
    const { vigil, turn } = loop();
    vigil.keep();
    expect(turn(5)).toBe(5);
    vigil.over();
    expect(turn()).toBe(1);
  });

  it('never keeps the loop awake for more than a millisecond', () => {
    const { vigil, turn } = loop();
    vigil.keep();
    expect(turn()).toBeLessThan(100);
  });

  it('is hardly ever kept where answers are slow, and always again where they are quick', () => {
    const { vigil, turn } = loop();
    const kept = (appends: number, quick: boolean) => {
      let count = 0;
      for (let append = 0; append < appends; append += 1) {
        vigil.keep();
        if (turn(quick ? 20 : 1_000) > 0) count += 1;
        vigil.over();
        turn();
      }
      return count;
    };
    expect(kept(10_000, false)).toBeLessThan(50);
    kept(1_000, true);
    expect(kept(100, true)).toBe(100);
  });
});
