import type { CallUsage } from '#main/ports/call-authority/port.ts';

/** Beyond this a count is a fault of the upstream, not usage. */
const ABSURD = 20_000_000;

interface Counts {
  input: number;
  output: number;
  write: number;
  write5m: number;
  write1h: number;
  read: number;
}

/** Adds the usage objects of one response up and notices what cannot be true. */
export interface UsageTally {
  /** Takes a `usage` object in; counts in it are cumulative. */
  add(usage: unknown): void;
  /** Usage so far; null when none was reported or what was reported cannot be true. */
  result(): CallUsage | null;
  /** True when a count was negative, fractional, absurd or went down. */
  anomalous(): boolean;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A count that is absent leaves the old one; null means it cannot be true. */
function merged(before: number, value: unknown, zeroMeansAbsent: boolean): number | null {
  if (value === undefined || value === null) return before;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > ABSURD) return null;
  if (zeroMeansAbsent && value === 0) return before;
  return value < before ? null : value;
}

function mergedCounts(before: Counts, raw: Record<string, unknown>): Counts | null {
  const split = record(raw['cache_creation']);
  const input = merged(before.input, raw['input_tokens'], true);
  const output = merged(before.output, raw['output_tokens'], false);
  const write = merged(before.write, raw['cache_creation_input_tokens'], true);
  const read = merged(before.read, raw['cache_read_input_tokens'], true);
  const write5m = merged(before.write5m, split['ephemeral_5m_input_tokens'], true);
  const write1h = merged(before.write1h, split['ephemeral_1h_input_tokens'], true);
  if (input === null || output === null || write === null || read === null) return null;
  if (write5m === null || write1h === null) return null;
  return { input, output, write, write5m, write1h, read };
}

/**
 * A tally for one response. `unsplitTo1h` says where cache writes go that the upstream does not split by lifetime: to
 * the dearer hour when the request asked for it anywhere.
 */
export function createUsageTally(unsplitTo1h: () => boolean): UsageTally {
  let counts: Counts | null = null;
  let wrong = false;
  return {
    add(usage) {
      if (typeof usage !== 'object' || usage === null) return;
      const before = counts ?? { input: 0, output: 0, write: 0, write5m: 0, write1h: 0, read: 0 };
      const next = mergedCounts(before, record(usage));
      if (next) counts = next;
      else wrong = true;
    },
    result() {
      if (wrong || !counts) return null;
      const { input, output, write, write5m, write1h, read } = counts;
      // Without a total the split alone counts; a split above the total contradicts it.
      const rest = write === 0 ? 0 : write - write5m - write1h;
      if (rest < 0) return null;
      const hour = rest > 0 && unsplitTo1h();
      return {
        input,
        output,
        cacheWrite5m: write5m + (hour ? 0 : rest),
        cacheWrite1h: write1h + (hour ? rest : 0),
        cacheRead: read,
      };
    },
    anomalous: () => wrong,
  };
}
