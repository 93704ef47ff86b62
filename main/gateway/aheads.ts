import type { Clock } from '#main/platform/clock.ts';
import type { CallRequest } from '#main/ports/call-authority/port.ts';

/** What a call asks the authority for, before it has an id. */
export type Wanted = Omit<CallRequest, 'call'>;

/** Reservations for calls that have not come yet; see {@link createAheads}. */
export interface Aheads {
  /** The stored reservation that covers a thread's call in full, now that call's; undefined where there is none. */
  take(wanted: Wanted, thread: string): Promise<CallRequest | undefined>;
  /** True where one waits for such a call already. */
  has(wanted: Wanted, thread: string): boolean;
  /** Keeps a reservation, once it is stored, until a call takes it; null says that it was not made. Must not reject. */
  keep(ahead: CallRequest, thread: string, stored: Promise<CallRequest | null>): void;
  /** Gives back what waits, of one run or of all. Resolves once that, and what was being given back before, is durable. */
  giveBack(run?: string): Promise<void>;
}

interface Waiting {
  readonly ahead: CallRequest;
  readonly stored: Promise<CallRequest | null>;
  readonly cancelTimer: () => void;
}

/** An agent that has not called again by then may not for long, and others may need the money. */
const UNUSED_MS = 10_000;

function keyOf({ run, model }: Wanted, thread: string): string {
  return `${run}\n${model}\n${thread}`;
}

function covers(ahead: CallRequest, wanted: Wanted): boolean {
  return (
    wanted.maxTokens <= ahead.maxTokens &&
    wanted.promptNanos <= ahead.promptNanos &&
    wanted.outputNanosPerToken <= ahead.outputNanosPerToken
  );
}

/**
 * Keeps at most one reservation ahead for each model of a thread (a run's main conversation or one of its sub-agents). With
 * it a call waits neither for the orchestrator's thread nor for the disk. Each is taken by one call or given back, never
 * both: one that does not cover its call, that no call came for in time, or whose run ended is given back. `release` must
 * not reject.
 */
export function createAheads(clock: Clock, release: (calls: readonly string[]) => Promise<void>): Aheads {
  const waiting = new Map<string, Waiting>();
  const returning = new Set<Promise<void>>();
  const withdraw = (key: string): Waiting | undefined => {
    const found = waiting.get(key);
    waiting.delete(key);
    found?.cancelTimer();
    return found;
  };
  const released = async (found: readonly Waiting[]): Promise<void> => {
    const stored = await Promise.all(found.map((each) => each.stored));
    const calls = stored.flatMap((ahead) => (ahead ? [ahead.call] : []));
    if (calls.length > 0) await release(calls);
  };
  const drop = (keys: readonly string[]): void => {
    const found = keys.flatMap((key) => withdraw(key) ?? []);
    if (found.length === 0) return;
    const work = released(found).finally(() => returning.delete(work));
    returning.add(work);
  };
  return {
    async take(wanted, thread) {
      const key = keyOf(wanted, thread);
      const found = waiting.get(key);
      if (!found) return undefined;
      if (!covers(found.ahead, wanted)) {
        drop([key]);
        return undefined;
      }
      return (await withdraw(key)?.stored) ?? undefined;
    },
    has: (wanted, thread) => waiting.has(keyOf(wanted, thread)),
    keep(ahead, thread, stored) {
      const key = keyOf(ahead, thread);
      drop([key]);
      const cancelTimer = clock.after(UNUSED_MS, () => drop([key]));
      waiting.set(key, { ahead, stored, cancelTimer });
    },
    async giveBack(run) {
      drop([...waiting].filter(([, { ahead }]) => run === undefined || ahead.run === run).map(([key]) => key));
      await Promise.all(returning);
    },
  };
}
