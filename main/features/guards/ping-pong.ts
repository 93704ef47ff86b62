import type { Seen } from './observation.ts';
import { percent } from './observation.ts';
import { type Known, learn, nothingKnown, sketchOf } from './sketch.ts';

/** A message between agents, as the guard sees it. */
export interface Said {
  readonly from: string;
  readonly text: string;
}

/** When an exchange goes nowhere. */
export interface PingPongLimits {
  /** Share of new content below which a message says nothing new. */
  readonly novelty: number;
  /** Messages in a row that say nothing new at which both are told. */
  readonly stale: number;
  /** As many after that at which the next is refused. */
  readonly stopAfter: number;
}

/** What is remembered of one conversation. */
export interface PingPongState {
  readonly known: Known;
  /** The last messages that said nothing new: who wrote, and the share that was new. */
  readonly stale: ReadonlyArray<{ readonly from: string; readonly novelty: number }>;
}

/** Nothing said yet. */
export const pingPongStart: PingPongState = { known: nothingKnown, stale: [] };

/** Stale messages that are kept for the evidence. */
const KEPT = 32;

/**
 * Finds two or more agents that answer each other without saying anything new, in whatever order. One that repeats itself
 * unanswered is not playing ping-pong; that is a loop of its own run.
 */
export function watchPingPong(state: PingPongState, said: Said, limits: PingPongLimits): Seen<PingPongState> {
  const { novelty, known } = learn(state.known, sketchOf(said.text, true));
  if (novelty >= limits.novelty) return { state: { known, stale: [] }, finding: null };
  const stale = [...state.stale, { from: said.from, novelty }].slice(-KEPT);
  const next = { known, stale };
  const writers = new Set(stale.map((each) => each.from)).size;
  const level =
    stale.length === limits.stale
      ? ('notice' as const)
      : stale.length >= limits.stale + limits.stopAfter
        ? ('stop' as const)
        : null;
  if (level === null || writers < 2) return { state: next, finding: null };
  const most = Math.max(...stale.map((each) => each.novelty));
  const evidence = `${stale.length} messages in a row between ${writers} agents said nothing new: at most ${percent(most)} of each was not said before in this exchange.`;
  return { state: next, finding: { guard: 'ping-pong', level, evidence } };
}
