/** How often the page takes in what has happened while much happens. Nobody reads faster, and a graph of cards is not free. */
const EVERY_MS = 100;

/** Most changes taken at once; the others follow a frame later, so that no frame is long however many arrive. */
const MOST_AT_ONCE = 500;
const FRAME_MS = 16;

/** Gathers changes and applies them together. */
export interface Pace<T> {
  /** Takes one more; applied at once when nothing was lately, else with the others soon. */
  add(item: T): void;
  /** Applies what is gathered and takes nothing more. */
  stop(): void;
}

/** A pace for changes that `apply` takes many at a time, in order. */
export function createPace<T>(apply: (items: readonly T[]) => void, now: () => number = Date.now): Pace<T> {
  let gathered: T[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (most: number) => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (gathered.length === 0) return;
    const items = gathered.slice(0, most);
    gathered = gathered.slice(most);
    last = now();
    apply(items);
    if (gathered.length > 0) timer = setTimeout(flush, FRAME_MS, MOST_AT_ONCE);
  };
  return {
    add(item) {
      gathered.push(item);
      const due = last + EVERY_MS - now();
      if (due <= 0 && timer === null) flush(MOST_AT_ONCE);
      else timer ??= setTimeout(flush, due, MOST_AT_ONCE);
    },
    stop: () => flush(Number.POSITIVE_INFINITY),
  };
}
