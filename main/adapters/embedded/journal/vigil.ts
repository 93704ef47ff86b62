/**
 * Keeps the event loop turning while a lone append is being stored, so that a quick commit finds it awake: waking a
 * sleeping thread takes a quarter of such a commit. The loop serves whatever else comes meanwhile.
 *
 * A vigil that ends without its answer was harmful: the disk is slow, or the machine is short of processors and the
 * writer needs this one. Then the next ones are left out, twice as many after each failure, so that a loaded machine
 * sees hardly any.
 */
export interface Vigil {
  /** An append was sent and nothing else waits. */
  keep(): void;
  /** Its answer has come. */
  over(): void;
}

/** Longer than a commit to a quick disk, and the most that one append may cost for nothing. */
const LONGEST_MS = 0.5;
const MOST_LEFT_OUT = 255;

/** What a vigil is made of; the defaults are the machine's. */
export interface VigilParts {
  /** Milliseconds. */
  readonly now: () => number;
  /** Runs after what has arrived was served. */
  readonly nextTurn: (run: () => void) => void;
}

/** See {@link Vigil}. */
export function createVigil(
  { now, nextTurn }: VigilParts = { now: () => performance.now(), nextTurn: setImmediate },
): Vigil {
  let until = 0;
  let waiting = false;
  let turning = false;
  let penalty = 0;
  let leftOut = 0;

  function turn(): void {
    if (waiting && now() < until) {
      nextTurn(turn);
      return;
    }
    turning = false;
    if (!waiting) return;
    waiting = false;
    penalty = Math.min(2 * penalty + 1, MOST_LEFT_OUT);
    leftOut = penalty;
  }

  return {
    keep() {
      if (leftOut > 0) {
        leftOut -= 1;
        return;
      }
      until = now() + LONGEST_MS;
      waiting = true;
      if (turning) return;
      turning = true;
      nextTurn(turn);
    },
    over() {
      if (waiting) penalty >>= 1;
      waiting = false;
    },
  };
}
