/** What a call does to the world: only looks, changes files, runs something, or talks to AIOS and colleagues. */
export type Effect = 'look' | 'change' | 'run' | 'talk';

/** What a guard is told of an agent, in order. Nothing but this decides a finding, so that a replay finds the same. */
export type Observation =
  /** Somebody said something. */
  | { readonly kind: 'text'; readonly by: string; readonly text: string }
  /** A tool call with its result. */
  | {
      readonly kind: 'step';
      readonly by: string;
      readonly tool: string;
      readonly effect: Effect;
      readonly input: string;
      readonly ok: boolean;
      readonly output: string;
    }
  /** The agent's claim that it is done was recorded. */
  | { readonly kind: 'done'; readonly by: string };

/** The guards, as events name them. */
export type GuardName = 'loop' | 'ping-pong' | 'stall' | 'false-done';

/** What a guard found. `notice`: the agent is told. `stop`: it was told and goes on; it is stopped. */
export interface Finding {
  readonly guard: GuardName;
  readonly level: 'notice' | 'stop';
  /** What was seen, with counts, as a person reads it. Tools are named; what an agent wrote is not repeated. */
  readonly evidence: string;
}

/** A detector's answer to one observation. */
export interface Seen<State> {
  readonly state: State;
  readonly finding: Finding | null;
}

/** `87 %` of 0.87. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
