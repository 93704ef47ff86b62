import type { StoredEvent } from '#main/ports/journal/port.ts';

/** Committed events, in order, for whoever watches. */
export interface Feed {
  /** Sequence of the newest event. */
  sequence(): number;
  /**
   * Calls `listener` with every event above `after`, from memory first, then live. Resolves to null when memory no
   * longer reaches back that far (or never did): the watcher needs a new snapshot.
   */
  watch(after: number, listener: (events: readonly StoredEvent[]) => void): (() => void) | null;
  publish(events: readonly StoredEvent[]): void;
  /** Memory starts anew at this sequence. */
  reset(sequence: number): void;
}

const REMEMBERED = 20_000;

/** See {@link Feed}. */
export function createFeed(): Feed {
  const listeners = new Set<(events: readonly StoredEvent[]) => void>();
  let recent: StoredEvent[] = [];
  let oldest = 0;
  let newest = 0;
  return {
    sequence: () => newest,
    watch(after, listener) {
      if (after < oldest || after > newest) return null;
      const missed = recent.filter((event) => event.sequence > after);
      if (missed.length > 0) listener(missed);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(events) {
      const last = events.at(-1);
      if (!last) return;
      newest = last.sequence;
      recent.push(...events);
      if (recent.length > REMEMBERED * 2) {
        recent = recent.slice(-REMEMBERED);
        oldest = (recent[0]?.sequence ?? 1) - 1;
      }
      for (const listener of listeners) listener(events);
    },
    reset(sequence) {
      recent = [];
      oldest = sequence;
      newest = sequence;
    },
  };
}
