import type { Binding } from '../conversation/negotiation-event.ts';
import type { PayloadRef } from '../payload.ts';
import type { DecidedHow, DecisionEvent } from './event.ts';

/** Something that was decided and holds until another takes its place. */
export interface Decision {
  readonly id: string;
  readonly subject: PayloadRef;
  readonly text: PayloadRef;
  readonly how: DecidedHow;
  readonly by: readonly string[];
  readonly binds: Binding;
  readonly goal: string | null;
  readonly negotiation: string | null;
  readonly supersedes: string | null;
  readonly at: number;
  /** The decision that took its place, and when; `by` alone where it was retired. */
  readonly over: { readonly by: string; readonly successor: string | null; readonly at: number } | null;
}

/** The shared decisions of one project, in the order they were made. */
export interface Decisions {
  readonly id: string;
  readonly decisions: Readonly<Record<string, Decision>>;
}

/** A project nothing was decided in. */
export function emptyDecisions(id: string): Decisions {
  return { id, decisions: {} };
}

function over(all: Decisions, id: string, end: Decision['over']): Decisions {
  const decision = all.decisions[id];
  return decision ? { ...all, decisions: { ...all.decisions, [id]: { ...decision, over: end } } } : all;
}

/** The next state of a project's decisions. Pure and total. */
export function evolveDecisions(all: Decisions, event: DecisionEvent, at: number): Decisions {
  if (event.type === 'decision.retired') return over(all, event.decision, { by: event.by, successor: null, at });
  const { type: _, decision: id, ...rest } = event;
  const left =
    event.supersedes === null ? all : over(all, event.supersedes, { by: event.by[0] ?? 'ceo', successor: id, at });
  return { ...left, decisions: { ...left.decisions, [id]: { ...rest, id, at, over: null } } };
}
