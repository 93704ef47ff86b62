import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('takes the first at once and what follows together, in order, losing nothing', () => {
  const seen: number[][] = [];
  const pace = createPace<number>((items) => seen.push([...items]));
  pace.add(1);
  expect(seen).toEqual([[1]]);
  pace.add(2);
  pace.add(3);
  expect(seen).toEqual([[1]]);
  vi.advanceTimersByTime(100);
  expect(seen).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(1_000);
  pace.add(4);
  expect(seen.at(-1)).toEqual([4]);
  pace.add(5);
  pace.stop();
  expect(seen.flat()).toEqual([1, 2, 3, 4, 5]);
});

it('takes very many in slices, a frame apart, in order', () => {
  const seen: number[][] = [];
  const pace = createPace<number>((items) => seen.push([...items]));
  pace.add(0);
  for (let at = 1; at <= 2_500; at += 1) pace.add(at);
  vi.advanceTimersByTime(100);
  expect(seen.map((items) => items.length)).toEqual([1, 500]);
  vi.advanceTimersByTime(80);
  expect(seen.map((items) => items.length)).toEqual([1, 500, 500, 500, 500, 500]);
  expect(seen.flat()).toEqual(Array.from({ length: 2_501 }, (_, at) => at));
});
