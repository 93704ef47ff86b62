import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Journal, JournalFailed } from '#main/ports/journal/port.ts';
import { eventsOf, ordersOf } from './statements.ts';
import { type WaitingAppend, WriterThread } from './thread.ts';

export { claimFile } from './claim.ts';

const REPLAY_CHUNK = 5_000;
/** Appends that travel together at most: the writer inserts them while the next are still being decided. */
const SEND_AT = 25;

/**
 * The journal of the embedded profile: SQLite behind a writer thread with group commit. `ahead` starts the thread at once;
 * the file is touched by `open` only.
 */
export function createSqliteJournal(file: string, ahead = false): Journal {
  let thread = ahead ? new WriterThread(file) : undefined;
  let queued: WaitingAppend[] = [];

  const writer = (): WriterThread => {
    if (!thread) throw new JournalFailed('the journal is not open');
    return thread;
  };
  // Appends that are made together travel together: fewer messages, larger commits.
  const flush = () => {
    if (queued.length === 0) return;
    const appends = queued;
    queued = [];
    if (thread) thread.append(appends);
    else for (const append of appends) append.reject(new JournalFailed('the journal is closed'));
  };

  return {
    async open() {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      thread ??= new WriterThread(file);
      try {
        return await thread.request({ kind: 'open' });
      } catch (error) {
        await thread.end();
        thread = undefined;
        throw error;
      }
    },
    append(batch, onCommitted) {
      return new Promise((resolve, reject) => {
        queued.push({ batch, onCommitted, resolve, reject });
        // An idle writer starts at once; what comes while it works travels together.
        if (queued.length >= SEND_AT || thread?.idle()) flush();
        else if (queued.length === 1) queueMicrotask(flush);
      });
    },
    async replay(onSnapshot, onEvents) {
      const covered = new Map<string, number>();
      for (const snapshot of await writer().request({ kind: 'snapshots' })) {
        if (onSnapshot(snapshot)) covered.set(snapshot.stream, snapshot.version);
      }
      // Sequences have no gaps, so the next chunk is asked for before this one is read: both threads work.
      const ask = (after: number) => writer().request({ kind: 'read', after, limit: REPLAY_CHUNK });
      let next = ask(0);
      for (let after = REPLAY_CHUNK; ; after += REPLAY_CHUNK) {
        const text = await next;
        next = ask(after);
        // Whoever stops reading leaves an answer nobody waits for.
        next.catch(() => undefined);
        const chunk = eventsOf(text);
        onEvents(
          covered.size === 0 ? chunk : chunk.filter((event) => event.version > (covered.get(event.stream) ?? 0)),
        );
        if (chunk.length < REPLAY_CHUNK) return;
      }
    },
    read: async (after, limit) => eventsOf(await writer().request({ kind: 'read', after, limit })),
    openOrders: async () => ordersOf(await writer().request({ kind: 'orders' })),
    receipt: async (command) => (await writer().request({ kind: 'receipt', command })) ?? undefined,
    payloads: async (ids) => new Map(await writer().request({ kind: 'payloads', ids })),
    forget: async (ids) => void (await writer().request({ kind: 'forget', ids })),
    saveSnapshot: async (snapshot) => void (await writer().request({ kind: 'save-snapshot', snapshot })),
    verify: () => writer().request({ kind: 'verify' }),
    async close() {
      const ending = thread;
      if (!ending) return;
      thread = undefined;
      await ending.request({ kind: 'close' }).catch(() => undefined);
      await ending.end();
    },
  };
}
