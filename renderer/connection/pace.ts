import { afterFrame } from './frame.ts';

/** How often the page takes in what has happened while much happens. Nobody reads faster, and a graph of cards is not free. */
const EVERY_MS = 100;

/** Most changes taken at once; the others follow a frame later, so that no frame is long however many arrive. */
const MOST_AT_ONCE = 500;
const LEAST_AT_ONCE = 20;
/** Longest that taking them in should last: the rest of a frame is for drawing what has changed. */
const TAKES_MS = 5;

/** Gathers changes and applies them together. */
export interface Pace<T> {
  /** Takes one more; applied at once when nothing was lately, else with the others soon. */
  add(item: T): void;
  /** Applies what is gathered and takes nothing more. */
  stop(): void;
}

/** What a pace goes by. */
export interface Beat {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls back once what was changed until now has been drawn. */
  afterFrame(then: () => void): void;
}

const PAGE: Beat = { now: () => performance.now(), afterFrame };

/** A pace for changes that `apply` takes many at a time, in order. */
export function createPace<T>(apply: (items: readonly T[]) => void, { now, afterFrame }: Beat = PAGE): Pace<T> {
  let gathered: T[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let most = MOST_AT_ONCE;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let behind = false;
  const take = (count: number) => {
    const items = gathered.slice(0, count);
    gathered = gathered.slice(count);
    last = now();
    if (items.length > 0) apply(items);
    return items.length;
  };
  const flush = () => {
    timer = null;
    behind = false;
    const count = take(most);
    const each = (now() - last) / Math.max(1, count);
    most = Math.max(LEAST_AT_ONCE, Math.min(MOST_AT_ONCE, Math.floor(TAKES_MS / Math.max(each, 1e-3))));
    if (gathered.length === 0) return;
    behind = true;
    afterFrame(() => behind && flush());
  };
  return {
    add(item) {
      gathered.push(item);
      if (behind || timer !== null) return;
      const due = last + EVERY_MS - now();
      if (due <= 0) flush();
      else timer = setTimeout(flush, due);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      behind = false;
      take(Number.POSITIVE_INFINITY);
    },
  };
}
