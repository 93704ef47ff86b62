import type { Clock } from '#main/platform/clock.ts';
import type { Finding } from './observation.ts';

/** How often is looked, milliseconds; oftener where so short a silence counts that it would be missed. */
export const LOOK_MS = 15_000;

/** A run as the guard against silence sees it. */
export interface SilentRun {
  /** Tools and model calls under way: a run that waits for one is slow, not stuck. */
  busy(): boolean;
  onFinding(finding: Finding): void;
}

/**
 * Finds a run that is alive and does nothing: no event, no tool, no model call. Looks are counted instead of time, so that
 * a sleeping machine accuses nobody. `minutes` until it is told, as many again until it is stopped.
 */
export function watchQuiet(after: Clock['after'], minutes: number, run: SilentRun): { heard(): void; stop(): void } {
  const every = Math.min(LOOK_MS, (minutes * 60_000) / 4);
  const limit = Math.round((minutes * 60_000) / every);
  let quiet = 0;
  const look = () => {
    quiet = run.busy() ? 0 : quiet + 1;
    if (quiet === limit || quiet === 2 * limit) {
      const level = quiet === limit ? 'notice' : 'stop';
      const passed = Math.round((quiet * every) / 6_000) / 10;
      const evidence = `The process lives, but for ${passed} minutes there was no event, no tool was running and no model call was under way.`;
      run.onFinding({ guard: 'stall', level, evidence });
    }
    cancel = after(every, look);
  };
  let cancel = after(every, look);
  return {
    heard: () => {
      quiet = 0;
    },
    stop: () => cancel(),
  };
}
