import type { Observation, Seen } from './observation.ts';

/** What the guard against unproven claims remembers: whether anything proves what is there now. */
export interface UnprovenState {
  readonly proven: boolean;
  /** What ran since the last change or failure, and said something. */
  readonly since: 'nothing' | 'change' | 'failure';
  readonly told: boolean;
}

/** Nothing seen yet. */
export const unprovenStart: UnprovenState = { proven: false, since: 'nothing', told: false };

/** A result that proves nothing: an empty list, a nothing, a zero. No output at all is how many checks say that all is well. */
const NOTHING = /^\s*(?:\[\s*\]|\{\s*\}|none|null|undefined|nan|0|false)\s*$/i;

/** Says that something was verified, completed or is done; "to be verified" and "once verified" do not. */
const CLAIM =
  /\b(?:(?:is|are|has been|have been|was|were)\s+(?:now\s+|also\s+|\w+ly\s+)?(?:verified|confirmed|validated|completed|solved)|(?:i|we|i've|we've)\s+(?:have\s+)?(?:now\s+|also\s+|\w+ly\s+)?(?:verified|confirmed|validated|completed|solved)|(?:task|work) is (?:now )?(?:done|complete)|all (?:the )?(?:tests|checks) (?:now )?pass|everything (?:now )?(?:works|passes))\b/i;

const SINCE: Readonly<Record<UnprovenState['since'], string>> = {
  nothing: 'nothing that ran or was looked at shows it',
  change: 'nothing was run since the last change of a file',
  failure: 'what ran last failed or said nothing',
};

/**
 * Finds a text that says something is verified, confirmed or done although nothing shows it: no call that worked and said
 * something, since the start, the last change, or the last failure. Told once an attempt; the check of a claim stands
 * behind it in any case. English words only.
 */
export function watchUnproven(state: UnprovenState, seen: Observation): Seen<UnprovenState> {
  if (seen.kind === 'step') return { state: { ...state, ...proofOf(state, seen) }, finding: null };
  if (seen.kind !== 'text' || state.proven || state.told || !CLAIM.test(seen.text)) return { state, finding: null };
  const evidence = `A text says that something is verified, confirmed or done, but ${SINCE[state.since]}.`;
  return { state: { ...state, told: true }, finding: { guard: 'false-done', level: 'notice', evidence } };
}

function proofOf(
  state: UnprovenState,
  seen: Extract<Observation, { kind: 'step' }>,
): Pick<UnprovenState, 'proven' | 'since'> {
  if (seen.effect === 'talk') return { proven: state.proven, since: state.since };
  if (seen.effect === 'change') return seen.ok ? { proven: false, since: 'change' } : state;
  if (!seen.ok || NOTHING.test(seen.output)) {
    // A look that finds nothing takes no proof away; a run that fails does.
    return seen.effect === 'look' ? state : { proven: false, since: 'failure' };
  }
  return { proven: true, since: state.since };
}
