import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Beat, createPace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page whose frames come when the test says so. */
function page() {
  const waiting: Array<() => void> = [];
  const beat: Beat = { now: Date.now, afterFrame: (then) => void waiting.push(then) };
  const frame = () => {
    vi.advanceTimersByTime(16);
    for (const then of waiting.splice(0)) then();
  };
  return { beat, frame };
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at);

it('takes the first at once and what follows together, in order, losing nothing', () => {
  const seen: number[][] = [];
  const pace = createPace<number>((items) => seen.push([...items]), page().beat);
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

it('takes very many in slices, one a frame, in order', () => {
  const seen: number[][] = [];
  const { beat, frame } = page();
  const pace = createPace<number>((items) => seen.push([...items]), beat);
  for (const at of upTo(2_501)) pace.add(at);
  vi.advanceTimersByTime(100);
  expect(seen.map((items) => items.length)).toEqual([1, 500]);
  vi.advanceTimersByTime(1_000);
  expect(seen).toHaveLength(2);
  for (let frames = 0; frames < 4; frames += 1) frame();
  expect(seen.map((items) => items.length)).toEqual([1, 500, 500, 500, 500, 500]);
  expect(seen.flat()).toEqual(upTo(2_501));
});

it('takes fewer at once where each takes long, and more again when it does not', () => {
  const seen: number[][] = [];
  const { beat, frame } = page();
  let eachTakes = 1;
  const apply = (items: readonly number[]) => {
    seen.push([...items]);
    vi.setSystemTime(Date.now() + items.length * eachTakes);
  };
  const pace = createPace<number>(apply, beat);
  for (const at of upTo(2_000)) pace.add(at);
  vi.advanceTimersByTime(100);
  frame();
  frame();
  expect(seen.map((items) => items.length)).toEqual([1, 20, 20, 20]);
  eachTakes = 0;
  frame();
  frame();
  expect(seen.at(-1)).toHaveLength(500);
  pace.stop();
  expect(seen.flat()).toEqual(upTo(2_000));
});

it('takes what is left when it is stopped, and the frame after finds nothing', () => {
  const seen: number[][] = [];
  const { beat, frame } = page();
  const pace = createPace<number>((items) => seen.push([...items]), beat);
  for (const at of upTo(1_000)) pace.add(at);
  vi.advanceTimersByTime(100);
  pace.stop();
  frame();
  expect(seen.flat()).toEqual(upTo(1_000));
});
