/**
 * Wakes the writer's thread. It waits on shared memory and not in an event loop: waking it costs half as much, and it
 * takes what has arrived between two inserts. Neither side ever spins: on two cores a thread that looks instead of
 * sleeping keeps the other, or the kernel's part of a flush, from running for a whole time slice.
 */
export interface Bell {
  /** Engine's thread: a request was posted. */
  ring(): void;
  /** Writer: number of rings so far. */
  rings(): number;
  /** Writer: looks for `ms` whether there are more rings than `heard`; a thread that does not sleep need not be woken. */
  look(heard: number, ms: number): boolean;
  /** Writer: sleeps until there are more rings than `heard`, at most `ms`; false when there were none. */
  wait(heard: number, ms: number): boolean;
}

/** Bytes of shared memory that a bell needs. */
export const BELL_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** A bell on shared memory; each thread makes its own on the same memory. */
export function createBell(memory: SharedArrayBuffer): Bell {
  const count = new Int32Array(memory);
  return {
    ring() {
      Atomics.add(count, 0, 1);
      Atomics.notify(count, 0);
    },
    rings: () => Atomics.load(count, 0),
    look(heard, ms) {
      const until = performance.now() + ms;
      while (Atomics.load(count, 0) === heard) if (performance.now() >= until) return false;
      return true;
    },
    // Returns at once when it has rung since.
    wait: (heard, ms) => Atomics.wait(count, 0, heard, ms) !== 'timed-out',
  };
}
