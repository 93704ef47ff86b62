import { fnv32 } from '#protocol/model/fnv.ts';

/** A text as a bounded sample of its word triples, by which texts are compared without being kept. */
export interface Sketch {
  /** The smallest hashes of its triples, ascending, each once. */
  readonly hashes: readonly number[];
  readonly words: number;
}

/** Hashes a sketch keeps. The error of a compared likeness is about 1 / sqrt(SAMPLE): 6 %. */
const SAMPLE = 256;
/** Characters looked at: half from the start, half from the end. */
const LONGEST = 16 * 1024;
const WORD = /[\p{L}\p{N}_#]+|[^\s\p{L}\p{N}_#]/gu;

/** What differs between two runs of the same thing: ids, times, durations, temporary names. */
const folded = (text: string) => text.replace(/\b[0-9a-f]{8,}\b/g, '#').replace(/\d+/g, '0');

/**
 * The sketch of a text. With `fold`, numbers and long hexadecimal ids count as equal: right for what a tool printed, wrong
 * for what it was asked, where `line 10` and `line 20` are different questions.
 */
export function sketchOf(text: string, fold = false): Sketch {
  const part = text.length > LONGEST ? `${text.slice(0, LONGEST / 2)}\n${text.slice(-LONGEST / 2)}` : text;
  const lower = part.toLowerCase();
  const words = (fold ? folded(lower) : lower).match(WORD) ?? [];
  const hashes = new Set<number>();
  for (let at = 0; at < Math.max(1, words.length - 2) && words.length > 0; at += 1)
    hashes.add(fnv32(words.slice(at, at + 3).join(' ')));
  return { hashes: [...hashes].sort((a, b) => a - b).slice(0, SAMPLE), words: words.length };
}

/** How alike two texts are, 0 to 1: the share of their triples that both have. Two empty texts are alike. */
export function likeness(one: Sketch, other: Sketch): number {
  let a = 0;
  let b = 0;
  let both = 0;
  let seen = 0;
  while (seen < SAMPLE && (a < one.hashes.length || b < other.hashes.length)) {
    const left = one.hashes[a] ?? Number.POSITIVE_INFINITY;
    const right = other.hashes[b] ?? Number.POSITIVE_INFINITY;
    if (left === right) both += 1;
    if (left <= right) a += 1;
    if (right <= left) b += 1;
    seen += 1;
  }
  return seen === 0 ? 1 : both / seen;
}

/** Triples that were seen before, in portions, the oldest forgotten first. Bounded: {@link PORTIONS} times a sample. */
export interface Known {
  readonly portions: ReadonlyArray<ReadonlySet<number>>;
}

/** Portions that are remembered. */
export const PORTIONS = 48;

/** Nothing seen yet. */
export const nothingKnown: Known = { portions: [] };

/** The share of a text's triples that are new, 0 to 1, and what is known after it. An empty text has nothing new. */
export function learn({ portions }: Known, { hashes }: Sketch): { readonly novelty: number; readonly known: Known } {
  const fresh = hashes.filter((hash) => !portions.some((portion) => portion.has(hash)));
  if (fresh.length === 0) return { novelty: 0, known: { portions } };
  const last = portions.at(-1);
  const fits = last !== undefined && last.size + fresh.length <= SAMPLE;
  const kept = fits ? [...portions.slice(0, -1), new Set([...last, ...fresh])] : [...portions, new Set(fresh)];
  return { novelty: fresh.length / hashes.length, known: { portions: kept.slice(-PORTIONS) } };
}
