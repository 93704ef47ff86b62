import type { Observation, Seen } from './observation.ts';
import { type Known, learn, nothingKnown, sketchOf } from './sketch.ts';

/** When steps without progress are a stall. */
export interface StallLimits {
  /** Share of new content from which a result is information. */
  readonly novelty: number;
  /** Steps and texts without progress at which the agent is told. */
  readonly idle: number;
  /** As many after that at which it is stopped. */
  readonly stopAfter: number;
  /** Steps after a recorded claim at which the agent is told, or stopped: its turn should have ended. */
  readonly afterDone: number;
  readonly stopAfterDone: number;
}

/** What the stall guard remembers. */
export interface StallState {
  readonly known: Known;
  readonly idle: number;
  readonly failed: number;
  readonly texts: number;
  /** Steps since the claim; null before one. */
  readonly afterDone: number | null;
}

/** Nothing seen yet. */
export const stallStart: StallState = { known: nothingKnown, idle: 0, failed: 0, texts: 0, afterDone: null };

/** Something was done or learned: a change that is new, or a result that says something new. */
function isProgress(seen: Observation, novelty: { input: number; output: number }, limits: StallLimits): boolean {
  if (seen.kind !== 'step' || !seen.ok) return false;
  return (seen.effect === 'change' ? novelty.input : novelty.output) >= limits.novelty;
}

function overrun(state: StallState, seen: Observation, limits: StallLimits): Seen<StallState> {
  // A change after the claim is work again; it is claimed anew.
  if (seen.kind === 'step' && seen.effect === 'change' && seen.ok)
    return { state: { ...state, afterDone: null }, finding: null };
  const afterDone = (state.afterDone ?? 0) + (seen.kind === 'step' ? 1 : 0);
  const next = { ...state, afterDone };
  const level = afterDone === limits.afterDone ? 'notice' : afterDone === limits.stopAfterDone ? 'stop' : null;
  if (level === null || seen.kind !== 'step') return { state: next, finding: null };
  const evidence = `The agent's claim is recorded, and it has made ${afterDone} more calls without changing a file. Its turn should be over.`;
  return { state: level === 'stop' ? stallStart : next, finding: { guard: 'stall', level, evidence } };
}

/**
 * Finds work that goes nowhere: step after step without a new change, a passing run that says something new, or anything
 * learned; and a turn that does not end after its claim. How long a step takes does not matter here: slow is not stuck.
 */
export function watchStall(state: StallState, seen: Observation, limits: StallLimits): Seen<StallState> {
  if (seen.kind === 'done') return { state: { ...state, afterDone: 0 }, finding: null };
  if (state.afterDone !== null) return overrun(state, seen, limits);
  if (seen.kind === 'text') {
    const next = { ...state, idle: state.idle + 1, texts: state.texts + 1 };
    return judged(next, limits);
  }
  const input = learn(state.known, sketchOf(seen.input));
  const output = learn(input.known, sketchOf(seen.output, true));
  const learned = { ...state, known: output.known };
  if (isProgress(seen, { input: input.novelty, output: output.novelty }, limits))
    return { state: { ...learned, idle: 0, failed: 0, texts: 0 }, finding: null };
  return judged({ ...learned, idle: state.idle + 1, failed: state.failed + (seen.ok ? 0 : 1) }, limits);
}

function judged(state: StallState, limits: StallLimits): Seen<StallState> {
  const level =
    state.idle === limits.idle ? 'notice' : state.idle >= limits.idle + limits.stopAfter ? ('stop' as const) : null;
  if (level === null) return { state, finding: null };
  const evidence = `${state.idle} steps in a row changed no file, passed no check and brought nothing new: ${state.failed} failed calls, ${state.idle - state.failed - state.texts} calls that said what was known, ${state.texts} texts.`;
  return { state: level === 'stop' ? stallStart : state, finding: { guard: 'stall', level, evidence } };
}
