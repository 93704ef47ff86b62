/**
 * Keeps the event loop turning while a lone append is being stored, so that a quick commit finds it awake: waking a
 * sleeping thread takes a quarter of such a commit. The loop serves whatever else comes meanwhile.
 *
 * A vigil that ends without its answer was harmful: the disk is slow, or the machine is short of processors and the
 * writer needs this one. Then the next ones are left out, twice as many after each failure, so that a loaded machine
 * sees hardly any.
 */
export interface Vigil {
  /** To be called when an append goes out and nothing else waits. False when this one is left out. */
  keep(): boolean;
  /** Its answer has come. */
  over(): void;
}

/** Longer than a commit to a quick disk, and the most that one append may cost for nothing. */
const LONGEST_MS = 0.8;
const MOST_LEFT_OUT = 255;

/** What a vigil is made of. */
export interface VigilParts {
  /** Called each turn; takes the answer, and so calls `over`, if it is there. */
  readonly look: () => void;
  /** Like `look`, for the last time. */
  readonly giveUp: () => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Runs after what has arrived was served. */
  readonly nextTurn: (run: () => void) => void;
}

/** See {@link Vigil}. */
export function createVigil({ look, giveUp, now, nextTurn }: VigilParts): Vigil {
  let until = 0;
  let waiting = false;
  let turning = false;
  let penalty = 0;
  let leftOut = 0;

  function turn(): void {
    if (waiting) look();
    if (waiting && now() < until) {
      nextTurn(turn);
      return;
    }
    turning = false;
    if (!waiting) return;
    penalty = Math.min(2 * penalty + 1, MOST_LEFT_OUT);
    leftOut = penalty;
    waiting = false;
    giveUp();
  }

  return {
    keep() {
      if (leftOut > 0) {
        leftOut -= 1;
        return false;
      }
      until = now() + LONGEST_MS;
      waiting = true;
      if (!turning) nextTurn(turn);
      turning = true;
      return true;
    },
    over() {
      if (waiting) penalty >>= 1;
      waiting = false;
    },
  };
}
