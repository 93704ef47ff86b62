import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at. */
const LOOK_MS = 10;

/** How late this thread's event loop is. */
export interface LoopDelay {
  /** Measures, or rests. At rest it costs nothing; looking is about 1% of a core, too much for a day with nothing to do. */
  watch(on: boolean): void;
  /** Of 100 looks so far 99 were at most this late, milliseconds; 0 before the first. */
  p99Ms(): number;
}

/** A measurement that rests. */
export function createLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: LOOK_MS });
  return {
    watch: (on) => void (on ? histogram.enable() : histogram.disable()),
    // What Node measures is the time from look to look; the delay is what that was too long.
    p99Ms: () => Math.max(0, Math.round(histogram.percentile(99) / 1e4 - LOOK_MS * 100) / 100),
  };
}
