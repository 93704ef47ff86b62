import { describe, expect, it } from 'vitest';
import { systemIds } from './ids.ts';

const SHAPE = /^goal_[0-9a-hjkmnp-tv-z]{19}$/;

describe('an id', () => {
  it('is its prefix, nine digits of time and ten of chance, and never the same twice in a millisecond', () => {
    const newId = systemIds(() => 1_790_000_000_000);
    const ids = Array.from({ length: 20_000 }, () => newId('goal'));
    expect(ids.filter((id) => !SHAPE.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.slice(0, 'goal_'.length + 9))).size).toBe(1);
  });

  it('uses every digit in every place of chance', () => {
    const newId = systemIds(() => 0);
    const ids = Array.from({ length: 5_000 }, () => newId('x'));
    for (let place = 1; place <= 10; place += 1) {
      expect(new Set(ids.map((id) => id.charAt(id.length - place))).size).toBe(32);
    }
  });

  it('comes after those of earlier milliseconds when ids are sorted', () => {
    let now = 1_790_000_000_000;
    const newId = systemIds(() => {
      now += 7;
      return now;
    });
    const ids = Array.from({ length: 1_000 }, () => newId('goal'));
    expect(ids.toSorted()).toEqual(ids);
  });
});
