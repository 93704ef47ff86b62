import { type GuardLimits, LIMITS } from './limits.ts';
import { type LoopState, loopStart, watchLoop } from './loop.ts';
import type { Finding, Observation, Seen } from './observation.ts';
import { type StallState, stallStart, watchStall } from './stall.ts';
import { type UnprovenState, unprovenStart, watchUnproven } from './unproven.ts';

/** What all guards of one attempt remember. Bounded, however long it runs. */
export interface WatchState {
  readonly loop: LoopState;
  readonly stall: StallState;
  readonly unproven: UnprovenState;
}

/** Nothing seen yet. */
export const watchStart: WatchState = { loop: loopStart, stall: stallStart, unproven: unprovenStart };

/** Shows one observation to every guard, and tells what each of them found. */
export function watchEach(
  state: WatchState,
  seen: Observation,
  limits: GuardLimits = LIMITS,
): { readonly state: WatchState; readonly findings: readonly Finding[] } {
  const loop = watchLoop(state.loop, seen, limits.loop);
  const stall = watchStall(state.stall, seen, limits.stall);
  const unproven = watchUnproven(state.unproven, seen);
  return {
    state: { loop: loop.state, stall: stall.state, unproven: unproven.state },
    findings: [loop.finding, stall.finding, unproven.finding].filter((finding) => finding !== null),
  };
}

/** Shows one observation to every guard. Of several findings the gravest counts: what stops, then loop, stall, claim. */
export function watch(state: WatchState, seen: Observation, limits: GuardLimits = LIMITS): Seen<WatchState> {
  const next = watchEach(state, seen, limits);
  const finding = next.findings.find((each) => each.level === 'stop') ?? next.findings[0] ?? null;
  return { state: next.state, finding };
}
