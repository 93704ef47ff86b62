/** What is to be looked at when, soonest first. A binary heap: a hundred thousand waiting orders need one timer. */
export interface DueQueue {
  push(id: string, at: number): void;
  /** When the first is due; undefined when nothing waits. */
  next(): number | undefined;
  /** Takes out the first that is due at `now`. */
  take(now: number): string | undefined;
  /** How many wait. */
  size(): number;
  /** Takes out all that are not `wanted`. */
  keep(wanted: (id: string) => boolean): void;
}

/** An empty queue. */
export function createDueQueue(): DueQueue {
  let heap: Array<{ readonly id: string; readonly at: number }> = [];

  function sink(entry: { readonly id: string; readonly at: number }): void {
    let hole = 0;
    for (;;) {
      const left = 2 * hole + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (!one) break;
      const smaller = other && other.at < one.at ? other : one;
      if (smaller.at >= entry.at) break;
      heap[hole] = smaller;
      hole = smaller === one ? left : left + 1;
    }
    heap[hole] = entry;
  }

  return {
    push(id, at) {
      let hole = heap.length;
      const entry = { id, at };
      heap.push(entry);
      while (hole > 0) {
        const above = (hole - 1) >> 1;
        const parent = heap[above];
        if (!parent || parent.at <= at) break;
        heap[hole] = parent;
        hole = above;
      }
      heap[hole] = entry;
    },
    next: () => heap[0]?.at,
    size: () => heap.length,
    keep(wanted) {
      // What is sorted is a heap.
      heap = heap.filter((entry) => wanted(entry.id)).sort((one, other) => one.at - other.at);
    },
    take(now) {
      const first = heap[0];
      if (!first || first.at > now) return undefined;
      const last = heap.pop();
      if (last && last !== first) sink(last);
      return first.id;
    },
  };
}
