import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  type Appended,
  type Batch,
  type Journal,
  JournalFailed,
  JournalOwned,
  type StoredEvent,
} from '#main/ports/journal/port.ts';
import type { Answer, WriterAnswers, WriterRequest } from './messages.ts';

const REPLAY_CHUNK = 5_000;
/** Appends that are sent at once: the writer inserts them while the next are still being decided. */
const SEND_AT = 256;

interface Waiting {
  resolve(value: WriterAnswers[keyof WriterAnswers]): void;
  reject(error: Error): void;
}

interface WaitingAppend {
  readonly batch: Batch;
  onCommitted(firstSequence: number): void;
  resolve(appended: Appended): void;
  reject(error: Error): void;
}

/** One connection to a writer thread; thrown away on failure. */
class WriterThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private number = 0;
  private broken: Error | undefined;

  constructor(file: string) {
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file } });
    this.worker.on('message', (answers: Answer[]) => {
      for (const answer of answers) this.settle(answer);
    });
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', () => this.fail(new Error('the writer thread ended')));
  }

  request<K extends WriterRequest['kind']>(request: Extract<WriterRequest, { kind: K }>): Promise<WriterAnswers[K]> {
    if (this.broken) return Promise.reject(this.broken);
    this.number += 1;
    const number = this.number;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve: (value) => resolve(value as WriterAnswers[K]), reject });
      this.worker.postMessage({ number, request });
    });
  }

  /** Like `request`, but the callbacks run synchronously with the answer, so that order is kept. */
  append(appends: readonly WaitingAppend[]): void {
    // A thread that ended answers nothing: without this the command would wait for ever.
    const { broken } = this;
    if (broken) {
      for (const append of appends) append.reject(broken);
      return;
    }
    this.number += 1;
    this.waiting.set(this.number, {
      resolve: (value) => settleAppends(appends, value as readonly Appended[]),
      reject: (error) => {
        for (const append of appends) append.reject(error);
      },
    });
    this.worker.postMessage({ number: this.number, request: { kind: 'append', batches: appends.map((a) => a.batch) } });
  }

  async end(): Promise<void> {
    this.broken = new JournalFailed('the journal is closed');
    await this.worker.terminate();
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(answer.owned ? new JournalOwned(answer.message) : new JournalFailed(answer.message));
  }

  private fail(cause: Error): void {
    const error = new JournalFailed(cause.message);
    this.broken = error;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}

function settleAppends(appends: readonly WaitingAppend[], results: readonly Appended[]): void {
  for (const [index, append] of appends.entries()) {
    const result = results[index];
    if (!result) append.reject(new JournalFailed('the writer did not answer'));
    else {
      if (result.kind === 'appended') append.onCommitted(result.firstSequence);
      append.resolve(result);
    }
  }
}

/** The journal of the embedded profile: SQLite behind a writer thread with group commit. */
export function createSqliteJournal(file: string): Journal {
  let thread: WriterThread | undefined;
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
      thread = new WriterThread(file);
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
        if (queued.length === 0) queueMicrotask(flush);
        queued.push({ batch, onCommitted, resolve, reject });
        if (queued.length >= SEND_AT) flush();
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
        const chunk = JSON.parse(text) as StoredEvent[];
        onEvents(
          covered.size === 0 ? chunk : chunk.filter((event) => event.version > (covered.get(event.stream) ?? 0)),
        );
        if (chunk.length < REPLAY_CHUNK) return;
      }
    },
    read: async (after, limit) => JSON.parse(await writer().request({ kind: 'read', after, limit })) as StoredEvent[],
    openOrders: async () => [...(await writer().request({ kind: 'orders' }))],
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
