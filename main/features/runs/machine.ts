import { availableParallelism, freemem } from 'node:os';

/** What one agent needs, roughly; measured with the real agent (about 150 MB, 300 MB with its shell commands). */
const BYTES_PER_AGENT = 300 * 1024 * 1024;
const AGENTS_PER_CORE = 2;

/** How many agents may run at once here: by cores and by free memory, at least one. */
export function machineCap(cores = availableParallelism(), freeBytes = freemem()): number {
  return Math.max(1, Math.min(cores * AGENTS_PER_CORE, Math.floor(freeBytes / BYTES_PER_AGENT)));
}

/** Places for running agents; others wait in order of arrival. */
export interface Slots {
  /** Resolves with the function that gives the place back; rejects when the signal aborts first. */
  take(signal: AbortSignal): Promise<() => void>;
  readonly waiting: () => number;
  readonly taken: () => number;
  /** Whether the next to come need not wait. */
  readonly free: () => boolean;
}

/** Places by a cap that is asked anew each time, since memory changes. Tells when the first is taken and the last given back. */
export function createSlots(cap: () => number, onBusy: (busy: boolean) => void = () => undefined): Slots {
  const queue: Array<() => void> = [];
  let taken = 0;
  const admit = () => {
    while (queue.length > 0 && taken < cap()) {
      taken += 1;
      if (taken === 1) onBusy(true);
      queue.shift()?.();
    }
  };
  const giveBack = () => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      taken -= 1;
      admit();
      if (taken === 0) onBusy(false);
    };
  };
  return {
    take(signal) {
      return new Promise((resolve, reject) => {
        const enter = () => {
          signal.removeEventListener('abort', leave);
          resolve(giveBack());
        };
        const leave = () => {
          const index = queue.indexOf(enter);
          if (index >= 0) queue.splice(index, 1);
          reject(new Error('aborted while waiting for the machine'));
        };
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        queue.push(enter);
        admit();
      });
    },
    waiting: () => queue.length,
    taken: () => taken,
    free: () => queue.length === 0 && taken < cap(),
  };
}
