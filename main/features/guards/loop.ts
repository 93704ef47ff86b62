import type { Observation, Seen } from './observation.ts';
import { percent } from './observation.ts';
import { likeness, type Sketch, sketchOf } from './sketch.ts';

/** When repetition is a loop. */
export interface LoopLimits {
  /** Likeness from which two inputs, or two texts, are the same. */
  readonly alike: number;
  /** Occurrences at which the agent is told. */
  readonly repeats: number;
  /** Further occurrences after that at which it is stopped. */
  readonly stopAfter: number;
  /** Different steps that are remembered: the longest cycle that is found. */
  readonly memory: number;
}

/** Texts shorter than this say the same by chance. */
const SHORTEST_TEXT = 8;
/** Words below which one other word makes another question: such inputs are the same only when they are equal. */
const SHORT_INPUT = 60;
/** Likeness from which two results are the same. */
const SAME_RESULT = 0.8;

interface Pattern {
  readonly key: string;
  readonly input: Sketch;
  readonly output: Sketch;
  readonly count: number;
  readonly likeness: number;
  readonly first: number;
  readonly last: number;
}

/** What the loop guard remembers: different steps, the latest last. */
export interface LoopState {
  readonly steps: number;
  /** The step that last changed something in a new way: before it, the world was another. */
  readonly changedAt: number;
  readonly noticedAt: number | null;
  readonly patterns: readonly Pattern[];
}

/** Nothing seen yet. */
export const loopStart: LoopState = { steps: 0, changedAt: 0, noticedAt: null, patterns: [] };

interface Step {
  readonly key: string;
  readonly input: Sketch;
  readonly output: Sketch;
  readonly changes: boolean;
  /** A text, which is fuzzy at any length. */
  readonly said: boolean;
}

const EMPTY = sketchOf('');

function stepOf(seen: Observation): Step | null {
  if (seen.kind === 'done') return null;
  if (seen.kind === 'text') {
    const input = sketchOf(seen.text);
    return input.words < SHORTEST_TEXT
      ? null
      : { key: `text ${seen.by}`, input, output: EMPTY, changes: false, said: true };
  }
  return {
    key: `${seen.tool} ${seen.ok ? 'ok' : 'failed'} ${seen.by}`,
    input: sketchOf(seen.input),
    output: sketchOf(seen.output, true),
    changes: seen.effect === 'change' && seen.ok,
    said: false,
  };
}

/** The step that is most like this one, if any is the same. */
function same(state: LoopState, step: Step, alike: number): { at: number; likeness: number } | null {
  const least = step.said || step.input.words >= SHORT_INPUT ? alike : 1;
  let best: { at: number; likeness: number } | null = null;
  for (const [at, pattern] of state.patterns.entries()) {
    if (pattern.key !== step.key) continue;
    const input = likeness(pattern.input, step.input);
    if (input < least || input <= (best?.likeness ?? 0) || likeness(pattern.output, step.output) < SAME_RESULT)
      continue;
    best = { at, likeness: input };
  }
  return best;
}

function evidenceOf(pattern: Pattern, seen: Observation, steps: number): string {
  const what =
    seen.kind === 'step'
      ? `The same call of ${seen.tool} with the same result (${seen.ok ? 'it worked' : 'it failed'})`
      : 'The same text';
  const period = Math.round((pattern.last - pattern.first) / (pattern.count - 1));
  const every = period > 1 ? `, about every ${period} steps` : '';
  return `${what} came ${pattern.count} times in ${steps - pattern.first + 1} steps${every}, at least ${percent(pattern.likeness)} alike. No file was changed in a new way in between.`;
}

/**
 * Finds repetition, exact or nearly so: one step over and over, or a cycle of up to `memory` different steps with others in
 * between. A step is the same when tool, input and result are. What comes again after a new change of a file is no
 * repetition: the world it meets is another. Results that differ are none either, such as those of polling.
 */
export function watchLoop(state: LoopState, seen: Observation, limits: LoopLimits): Seen<LoopState> {
  const step = stepOf(seen);
  if (!step) return { state, finding: null };
  const now = state.steps + 1;
  const found = same(state, step, limits.alike);
  const before = found === null ? undefined : state.patterns[found.at];
  const again = before !== undefined && found !== null && before.last >= state.changedAt;
  const { key, input, output } = step;
  const pattern: Pattern = {
    key,
    input,
    output,
    count: again ? before.count + 1 : 1,
    likeness: again ? Math.min(before.likeness, found.likeness) : 1,
    first: again ? before.first : now,
    last: now,
  };
  const others = state.patterns.filter((_, at) => at !== found?.at);
  const isNewChange = step.changes && before === undefined;
  const next: LoopState = {
    steps: now,
    changedAt: isNewChange ? now : state.changedAt,
    noticedAt: isNewChange ? null : state.noticedAt,
    patterns: [...others, pattern].slice(-limits.memory),
  };
  if (state.noticedAt === null && pattern.count >= limits.repeats)
    return {
      state: { ...next, noticedAt: now },
      finding: { guard: 'loop', level: 'notice', evidence: evidenceOf(pattern, seen, now) },
    };
  if (state.noticedAt !== null && pattern.count >= limits.repeats + limits.stopAfter)
    return { state: loopStart, finding: { guard: 'loop', level: 'stop', evidence: evidenceOf(pattern, seen, now) } };
  return { state: next, finding: null };
}
