/**
 * Memory that the engine's thread and the writer's thread share, so that neither has to wake the other while both are at
 * work: waking a sleeping thread and copying a message cost as much as the inserts of a command. It holds only numbers;
 * requests, and every answer that is not "stored", travel as messages.
 */
export interface Line {
  /** Engine's thread: a request was posted. Wakes the writer if it sleeps. */
  ring(): void;
  /** Writer: number of rings so far. */
  rings(): number;
  /**
   * Writer: blocks until there were more rings than `heard`, at most `sleepMs`; false when there were none. It looks for
   * `lookMs` before it sleeps.
   */
  wait(heard: number, lookMs: number, sleepMs: number): boolean;
  /** Writer: the append was stored whole, its events from `firstSequence`. Shown only by `show`. */
  stored(append: number, firstSequence: number): void;
  /**
   * Writer: every append up to this one is durable, and the last group took so long. True when the engine's thread
   * sleeps and needs a message.
   */
  show(append: number, tookMs: number): boolean;
  /** Engine's thread: the last append shown. */
  shown(): number;
  /** Engine's thread: how long the last group took, in milliseconds. */
  took(): number;
  /** Engine's thread: first sequence of an append that was shown; 0 when it is answered by a message. */
  firstSequence(append: number): number;
  /** Engine's thread: whether it looks at `shown` without being told. */
  awake(looks: boolean): void;
}

const [RUNG, SHOWN, AWAKE, TOOK, CELLS] = [0, 1, 2, 3, 4];
/** Appends that may be unanswered at a time. */
export const SLOTS = 4_096;

/** Bytes of shared memory that a line needs. */
export const LINE_BYTES = CELLS * Int32Array.BYTES_PER_ELEMENT + SLOTS * Float64Array.BYTES_PER_ELEMENT;

/** A line on shared memory; each thread makes its own on the same memory. */
export function createLine(memory: SharedArrayBuffer): Line {
  const cells = new Int32Array(memory, 0, CELLS);
  const slots = new Float64Array(memory, CELLS * Int32Array.BYTES_PER_ELEMENT, SLOTS);
  const rings = () => Atomics.load(cells, RUNG);
  return {
    ring() {
      Atomics.add(cells, RUNG, 1);
      Atomics.notify(cells, RUNG);
    },
    rings,
    wait(heard, lookMs, sleepMs) {
      const until = lookMs === 0 ? 0 : performance.now() + lookMs;
      while (until > 0 && rings() === heard && performance.now() < until);
      // Returns at once when it has rung since.
      return Atomics.wait(cells, RUNG, heard, sleepMs) !== 'timed-out';
    },
    stored(append, firstSequence) {
      slots[append % SLOTS] = firstSequence;
    },
    show(append, tookMs) {
      Atomics.store(cells, TOOK, Math.round(tookMs * 1_000));
      // In this order on both sides: either the engine's thread sees what is shown, or this sees that it sleeps.
      Atomics.store(cells, SHOWN, append);
      return Atomics.load(cells, AWAKE) === 0;
    },
    shown: () => Atomics.load(cells, SHOWN),
    took: () => Atomics.load(cells, TOOK) / 1_000,
    firstSequence: (append) => slots[append % SLOTS] ?? 0,
    awake(looks) {
      Atomics.store(cells, AWAKE, looks ? 1 : 0);
    },
  };
}
