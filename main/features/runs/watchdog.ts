import type { Clock } from '#main/platform/clock.ts';

/** How often silence is looked for; a host beats as often. */
export const LOOK_MS = 2_000;
/** Looks in a row without a sign of life before a host counts as hung: ten seconds. */
export const SILENT_LOOKS = 5;
/** Looks allowed before the first sign: starting a process takes longer on a busy machine. */
const STARTING_LOOKS = 15;

/** Notices a host that is there but does nothing any more, such as a stopped process. */
export interface Watchdog {
  /** A sign of life came. */
  heard(): void;
  stop(): void;
}

/**
 * Calls `onHung` once after too many looks without a sign. Looks are counted instead of time, so that a sleeping laptop,
 * a changed clock or a busy orchestrator accuses nobody.
 */
export function watchSilence(after: Clock['after'], onHung: () => void): Watchdog {
  let left = STARTING_LOOKS;
  const look = () => {
    left -= 1;
    if (left > 0) cancel = after(LOOK_MS, look);
    else onHung();
  };
  let cancel = after(LOOK_MS, look);
  return {
    heard() {
      left = SILENT_LOOKS + 1;
    },
    stop: () => cancel(),
  };
}
