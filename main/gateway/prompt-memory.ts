import type { EarlierFields, FieldScan, Span } from './json-fields.ts';

/** What is known of the last completed call of a thread (a run's main conversation or one of its sub-agents). */
interface Remembered {
  readonly bytes: Buffer;
  readonly scan: FieldScan;
  readonly promptTokens: number | null;
}

/** How large a prompt may be at most, and which of its bytes the thread has not sent before. */
export interface PromptEstimate {
  readonly promptTokens: number;
  readonly fresh: Span;
}

/** A body that was sent, and where its fields lie. */
export interface CompletedBody {
  readonly bytes: Buffer;
  readonly scan: FieldScan;
}

/** Remembers the last completed call of each thread; see {@link createPromptMemory}. */
export interface PromptMemory {
  estimate(run: string, thread: string, bytes: Buffer): PromptEstimate;
  /** What of the last completed call's scan holds for these bytes. */
  earlier(run: string, thread: string, bytes: Buffer): EarlierFields | undefined;
  /** Keeps a completed call; `promptTokens` is null where the upstream did not say. */
  learn(run: string, thread: string, body: CompletedBody, promptTokens: number | null): void;
  forget(run: string): void;
}

/** A prompt never seen before is taken for one token each 2.5 bytes: dense source code, escapes included, has about three. */
const FIRST_BYTES_PER_TOKEN = 2.5;
/** What was added to a known prompt is taken for one token each two bytes. */
const ADDED_BYTES_PER_TOKEN = 2;
const BLOCK = 16_384;
const MOST_THREADS = 64;
const MOST_BYTES = 4 * 1024 * 1024;

function commonPrefix(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  while (at + BLOCK <= most && a.compare(b, at, at + BLOCK, at, at + BLOCK) === 0) at += BLOCK;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}

function commonSuffix(a: Buffer, b: Buffer, most: number): number {
  let size = 0;
  while (size + BLOCK <= most) {
    const aEnd = a.length - size;
    const bEnd = b.length - size;
    if (a.compare(b, bEnd - BLOCK, bEnd, aEnd - BLOCK, aEnd) !== 0) break;
    size += BLOCK;
  }
  while (size < most && a[a.length - 1 - size] === b[b.length - 1 - size]) size += 1;
  return size;
}

/** The bytes of `now` that are not at the same end of `before`. */
function changedSpan(before: Buffer, now: Buffer): Span {
  const shorter = Math.min(before.length, now.length);
  const start = commonPrefix(before, now, shorter);
  return { start, end: now.length - commonSuffix(before, now, shorter - start) };
}

/**
 * Estimates prompts from above. A prompt that extends the thread's last completed one costs what that one was measured
 * at plus what was added; everything else is judged by its length.
 */
export function createPromptMemory(): PromptMemory {
  const threads = new Map<string, Remembered>();
  const keyOf = (run: string, thread: string) => `${run}\n${thread}`;
  return {
    estimate(run, thread, bytes) {
      const before = threads.get(keyOf(run, thread));
      const byLength = Math.ceil(bytes.length / FIRST_BYTES_PER_TOKEN);
      if (!before) return { promptTokens: byLength, fresh: { start: 0, end: bytes.length } };
      const fresh = changedSpan(before.bytes, bytes);
      const added = fresh.end - fresh.start;
      const extended = before.promptTokens !== null && added * 2 < bytes.length;
      const known = (before.promptTokens ?? 0) + Math.ceil(added / ADDED_BYTES_PER_TOKEN);
      return { promptTokens: extended ? known : byLength, fresh };
    },
    earlier(run, thread, bytes) {
      const before = threads.get(keyOf(run, thread));
      if (!before) return undefined;
      const same = commonPrefix(before.bytes, bytes, Math.min(before.bytes.length, bytes.length));
      return { scan: before.scan, same };
    },
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
const LONGEST_ID = 80;

/** Ids in markers `[aios-message:<id>]` that begin or end inside the span, each once, in order. */
export function messagesIn(bytes: Buffer, span: Span): readonly string[] {
  const ids = new Set<string>();
  const slack = MARKER.length + LONGEST_ID;
  let at = bytes.indexOf(MARKER, Math.max(0, span.start - slack));
  while (at >= 0 && at < span.end) {
    const from = at + MARKER.length;
    const id = /^[A-Za-z0-9_-]+(?=\])/.exec(bytes.toString('latin1', from, from + LONGEST_ID + 1));
    if (id && from + id[0].length >= span.start) ids.add(id[0]);
    at = bytes.indexOf(MARKER, from);
  }
  return [...ids];
}
