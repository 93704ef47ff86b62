/** Bytes of JSON that go to a client in one frame, unless a single item is larger. */
export const BATCH_BYTES = 1024 * 1024;
/** Longest text in a line of a transcript that a page gets, characters; results of tools are capped below that. */
const LONGEST_LINE = 100_000;

/** The bytes a value takes in a frame. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** Items in order, as many together as one frame should carry; never none. */
export function* inBatches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  let size = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (batch.length > 0 && size + bytes > BATCH_BYTES) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}

/** The text, or its beginning and a line that says how much is missing. */
function cutText(text: string): string {
  if (text.length <= LONGEST_LINE) return text;
  const shown = text.slice(0, LONGEST_LINE).toWellFormed();
  return `${shown}\n[cut here, ${Buffer.byteLength(text.slice(LONGEST_LINE))} bytes more; \`aios logs --json\` has all of it]`;
}

/** The value with every long text in it cut where a page can still show it. */
export function cut<T>(value: T): T {
  if (typeof value === 'string') return cutText(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cut) as T;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each)])) as T;
}
