import { type Bytes, commonSuffix, createRopeReader, piecesOf } from './byte-rope.ts';
import type { FieldScan, Span } from './json-fields.ts';

/** A body that was sent, and where its fields lie. */
export interface CompletedBody {
  readonly bytes: Bytes;
  readonly scan: FieldScan;
}

/** The last completed call of a thread (a run's main conversation or one of its sub-agents). */
export interface Remembered extends CompletedBody {
  /** Null where the upstream did not say. */
  readonly promptTokens: number | null;
}

/** How large a prompt may be at most, and which of its bytes the thread has not sent before. */
export interface PromptEstimate {
  readonly promptTokens: number;
  readonly fresh: Span;
}

/** Remembers the last completed call of each thread; see {@link createPromptMemory}. */
export interface PromptMemory {
  last(run: string, thread: string): Remembered | undefined;
  /** Keeps a completed call; `promptTokens` is null where the upstream did not say. */
  learn(run: string, thread: string, body: CompletedBody, promptTokens: number | null): void;
  forget(run: string): void;
}

/** A prompt never seen before is taken for one token each 2.5 bytes: dense source code, escapes included, has about three. */
const FIRST_BYTES_PER_TOKEN = 2.5;
/** What was added to a known prompt is taken for one token each two bytes. */
const ADDED_BYTES_PER_TOKEN = 2;
const MOST_THREADS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

/** How many bytes begin alike. */
export function sameBytes(before: Bytes, now: Bytes): number {
  const reader = createRopeReader(before);
  for (const piece of piecesOf(now)) reader.push(piece);
  return reader.result().same;
}

/**
 * Estimates a prompt from above, of which the first `same` bytes are those of the thread's last completed call. One that
 * extends that call costs what it was measured at plus what was added; everything else is judged by its length.
 */
export function estimatePrompt(before: Remembered | undefined, bytes: Bytes, same: number): PromptEstimate {
  const byLength = Math.ceil(bytes.length / FIRST_BYTES_PER_TOKEN);
  if (!before) return { promptTokens: byLength, fresh: { start: 0, end: bytes.length } };
  const shorter = Math.min(before.bytes.length, bytes.length);
  const fresh = { start: same, end: bytes.length - commonSuffix(before.bytes, bytes, shorter - same) };
  const added = fresh.end - fresh.start;
  const extended = before.promptTokens !== null && added * 2 < bytes.length;
  const known = (before.promptTokens ?? 0) + Math.ceil(added / ADDED_BYTES_PER_TOKEN);
  return { promptTokens: extended ? known : byLength, fresh };
}

/** Keeps the last completed call of each thread, of at most 64 threads. */
export function createPromptMemory(): PromptMemory {
  const threads = new Map<string, Remembered>();
  const keyOf = (run: string, thread: string) => `${run}\n${thread}`;
  return {
    last: (run, thread) => threads.get(keyOf(run, thread)),
    learn(run, thread, { bytes, scan }, promptTokens) {
      const key = keyOf(run, thread);
      threads.delete(key);
      if (bytes.length <= MOST_BYTES) threads.set(key, { bytes, scan, promptTokens });
      const oldest = threads.keys().next();
      if (threads.size > MOST_THREADS && !oldest.done) threads.delete(oldest.value);
    },
    forget(run) {
      for (const key of threads.keys()) if (key.startsWith(`${run}\n`)) threads.delete(key);
    },
  };
}

const MARKER = '[aios-message:';
/** A message's id holds that of the call that sent it, which some endpoints make long. */
const LONGEST_ID = 400;

/** Ids in markers `[aios-message:<id>]` that begin or end inside the span, each once, in order. */
export function messagesIn(bytes: Bytes, span: Span): readonly string[] {
  const ids = new Set<string>();
  const slack = MARKER.length + LONGEST_ID;
  const from = Math.max(0, span.start - slack);
  const near = bytes.subarray(from, Math.min(bytes.length, span.end + slack + 1));
  for (let at = near.indexOf(MARKER); at >= 0 && from + at < span.end; at = near.indexOf(MARKER, at + 1)) {
    const start = at + MARKER.length;
    const id = /^[\w.:-]+(?=\])/.exec(near.toString('latin1', start, start + LONGEST_ID + 1));
    if (id && from + start + id[0].length >= span.start) ids.add(id[0]);
  }
  return [...ids];
}
