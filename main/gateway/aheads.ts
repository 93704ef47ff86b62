import type { Clock } from '#main/platform/clock.ts';
import type { CallRequest } from '#main/ports/call-authority/port.ts';

/** Reservations that are stored, for calls that have not come yet; see {@link createAheads}. */
export interface Aheads {
  /** The reservation that covers a call in full, now that call's; undefined where there is none. */
  take(wanted: Omit<CallRequest, 'call'>): CallRequest | undefined;
  /** True where one waits for such a call already. */
  has(wanted: Omit<CallRequest, 'call'>): boolean;
  /** Keeps a reservation until a call takes it, or gives it back by itself. */
  keep(ahead: CallRequest): void;
  /** Gives back what waits, of one run or of all. Resolves once that is durable. */
  giveBack(run?: string): Promise<void>;
}

/** An agent that has not called again by then may not for long, and others may need the money. */
const UNUSED_MS = 10_000;

function keyOf({ run, model }: Omit<CallRequest, 'call'>): string {
  return `${run}\n${model}`;
}

function covers(ahead: CallRequest, wanted: Omit<CallRequest, 'call'>): boolean {
  return (
    wanted.maxTokens <= ahead.maxTokens &&
    wanted.promptNanos <= ahead.promptNanos &&
    wanted.outputNanosPerToken <= ahead.outputNanosPerToken
  );
}

/**
 * Keeps at most one reservation ahead a run and model. With it a call waits neither for the orchestrator's thread nor for
 * the disk. One that does not cover the call it was made for is given back.
 */
export function createAheads(clock: Clock, release: (calls: readonly string[]) => Promise<void>): Aheads {
  const waiting = new Map<string, { readonly ahead: CallRequest; readonly cancelTimer: () => void }>();
  const drop = (keys: readonly string[]): Promise<void> => {
    const calls: string[] = [];
    for (const key of keys) {
      const found = waiting.get(key);
      if (!found) continue;
      waiting.delete(key);
      found.cancelTimer();
      calls.push(found.ahead.call);
    }
    return calls.length > 0 ? release(calls) : Promise.resolve();
  };
  return {
    take(wanted) {
      const key = keyOf(wanted);
      const found = waiting.get(key);
      if (!found) return undefined;
      if (!covers(found.ahead, wanted)) {
        void drop([key]);
        return undefined;
      }
      waiting.delete(key);
      found.cancelTimer();
      return found.ahead;
    },
    has: (wanted) => waiting.has(keyOf(wanted)),
    keep(ahead) {
      const key = keyOf(ahead);
      void drop([key]);
      waiting.set(key, { ahead, cancelTimer: clock.after(UNUSED_MS, () => void drop([key])) });
    },
    giveBack: (run) =>
      drop([...waiting].filter(([, { ahead }]) => run === undefined || ahead.run === run).map(([key]) => key)),
  };
}
