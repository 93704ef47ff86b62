/** Unread bytes up to which nobody looks closer. */
export const UNREAD_LIMIT = 8 * 1024 * 1024;
/** Unread bytes at which a client is cut however fast it reads: the frames before the largest one count, not that one. */
export const MOST_UNREAD = 32 * 1024 * 1024;
/** How long a client with much unread may read nothing, milliseconds. */
export const STALLED_MS = 10_000;

/** Judges one client by what it reads over time: a single large frame is no fault of its reader. */
export interface ReaderWatch {
  /** Counts what is being sent. */
  sent(bytes: number): void;
  /** Whether the client, which has left so many bytes unread, must be cut rather than sent more. */
  isHopeless(unread: number): boolean;
  /** Whether it read anything since this was asked last. */
  hasRead(unread: number): boolean;
}

/** See {@link ReaderWatch}. */
export function watchReader(now: () => number): ReaderWatch {
  let total = 0;
  /** Of the frames that may still be unread. */
  let largest = 0;
  let takenThen = 0;
  let since: number | null = null;
  let askedAt = 0;
  return {
    sent(bytes) {
      total += bytes;
      largest = Math.max(largest, bytes);
    },
    isHopeless(unread) {
      if (unread <= UNREAD_LIMIT) {
        since = null;
        if (unread === 0) largest = 0;
        return false;
      }
      if (unread > MOST_UNREAD + largest) return true;
      const taken = total - unread;
      if (since === null || taken > takenThen) {
        since = now();
        takenThen = taken;
      }
      return now() - since > STALLED_MS;
    },
    hasRead(unread) {
      const taken = total - unread;
      const read = taken > askedAt;
      askedAt = taken;
      return read;
    },
  };
}
