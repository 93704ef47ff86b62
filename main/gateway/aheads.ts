import type { Clock } from '#main/platform/clock.ts';
import type { CallRequest } from '#main/ports/call-authority/port.ts';

/** What a call asks the authority for, before it has an id. */
export type Wanted = Omit<CallRequest, 'call'>;

/** Reservations for calls that have not come yet; see {@link createAheads}. */
export interface Aheads {
  /** The stored reservation that covers a call in full, now that call's; undefined where there is none. */
  take(wanted: Wanted): Promise<CallRequest | undefined>;
  /** True where one waits for such a call already. */
  has(wanted: Wanted): boolean;
  /** Keeps a reservation, once it is stored, until a call takes it; null says that it was not made. */
  keep(ahead: CallRequest, stored: Promise<CallRequest | null>): void;
  /** Gives back what waits, of one run or of all. Resolves once that is durable. */
  giveBack(run?: string): Promise<void>;
}

interface Waiting {
  readonly ahead: CallRequest;
  readonly stored: Promise<CallRequest | null>;
  readonly cancelTimer: () => void;
}

/** An agent that has not called again by then may not for long, and others may need the money. */
const UNUSED_MS = 10_000;

function keyOf({ run, model }: Wanted): string {
  return `${run}\n${model}`;
}

function covers(ahead: CallRequest, wanted: Wanted): boolean {
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
  const waiting = new Map<string, Waiting>();
  const withdraw = (key: string): Waiting | undefined => {
    const found = waiting.get(key);
    waiting.delete(key);
    found?.cancelTimer();
    return found;
  };
  const drop = async (keys: readonly string[]): Promise<void> => {
    const found = await Promise.all(keys.map((key) => withdraw(key)?.stored));
    const calls = found.flatMap((ahead) => (ahead ? [ahead.call] : []));
    if (calls.length > 0) await release(calls);
  };
  return {
    async take(wanted) {
      const key = keyOf(wanted);
      const found = waiting.get(key);
      if (!found) return undefined;
      if (!covers(found.ahead, wanted)) {
        void drop([key]);
        return undefined;
      }
      return (await withdraw(key)?.stored) ?? undefined;
    },
    has: (wanted) => waiting.has(keyOf(wanted)),
    keep(ahead, stored) {
      const key = keyOf(ahead);
      void drop([key]);
      const cancelTimer = clock.after(UNUSED_MS, () => void drop([key]));
      waiting.set(key, { ahead, stored, cancelTimer });
    },
    giveBack: (run) =>
      drop([...waiting].filter(([, { ahead }]) => run === undefined || ahead.run === run).map(([key]) => key)),
  };
}
