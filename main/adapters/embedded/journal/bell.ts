/**
 * Memory that the engine's thread and the writer's thread share, so that neither has to wake the other while both are at
 * work: being woken costs as much as the rest of a command. The writer waits on it instead of in an event loop. The
 * answer to an append that the engine's thread is looking out for is left in it; every other answer is a message.
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
  /** Engine's thread: looks out for the answer to this append, until `taken` or `withdraw` gives it. */
  expect(append: number): void;
  /** Writer: leaves the answer "stored from this sequence"; false when nobody looks out for it and a message must go. */
  leave(append: number, firstSequence: number): boolean;
  /** Engine's thread: the first sequence if the answer was left; given once. */
  taken(): number | undefined;
  /** Engine's thread: looks out no longer. Like `taken`; without an answer now, a message brings it. */
  withdraw(): number | undefined;
}

const [RUNG, EXPECTED] = [0, 1];
const [NOBODY, LEFT] = [0, -1];
/** Where the sequence begins; it may need more than 32 bits. */
const SEQUENCE_AT = 2 * Int32Array.BYTES_PER_ELEMENT;

/** Bytes of shared memory that a bell needs. */
export const BELL_BYTES = SEQUENCE_AT + Float64Array.BYTES_PER_ELEMENT;

/** Numbers of appends as the shared cell holds them: from 1, in 30 bits. */
function cellOf(append: number): number {
  return (append % 2 ** 30) + 1;
}

/** A bell on shared memory; each thread makes its own on the same memory. */
export function createBell(memory: SharedArrayBuffer): Bell {
  const cells = new Int32Array(memory, 0, 2);
  const sequence = new Float64Array(memory, SEQUENCE_AT, 1);
  const rings = () => Atomics.load(cells, RUNG);
  const taken = () => {
    if (Atomics.load(cells, EXPECTED) !== LEFT) return undefined;
    const first = sequence[0];
    Atomics.store(cells, EXPECTED, NOBODY);
    return first;
  };
  return {
    ring() {
      Atomics.add(cells, RUNG, 1);
      Atomics.notify(cells, RUNG);
    },
    rings,
    look(heard, ms) {
      const until = performance.now() + ms;
      while (rings() === heard) if (performance.now() >= until) return false;
      return true;
    },
    // Returns at once when it has rung since.
    wait: (heard, ms) => Atomics.wait(cells, RUNG, heard, ms) !== 'timed-out',
    expect(append) {
      Atomics.store(cells, EXPECTED, cellOf(append));
    },
    leave(append, firstSequence) {
      const cell = cellOf(append);
      if (Atomics.load(cells, EXPECTED) !== cell) return false;
      sequence[0] = firstSequence;
      // Whoever looked out may have withdrawn since: one of the two exchanges wins, so an answer goes exactly one way.
      return Atomics.compareExchange(cells, EXPECTED, cell, LEFT) === cell;
    },
    taken,
    withdraw() {
      const found = Atomics.load(cells, EXPECTED);
      if (found > 0 && Atomics.compareExchange(cells, EXPECTED, found, NOBODY) === found) return undefined;
      return taken();
    },
  };
}
