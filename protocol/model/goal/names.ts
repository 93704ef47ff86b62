import type { PayloadRef } from '../payload.ts';
import type { Goal } from './state.ts';

/** Looks up a text by its reference. */
export type TextOf = (ref: PayloadRef | null) => string;

/** A lookup in a table of texts; what is not there yet is an ellipsis. */
export function textsIn(texts: Readonly<Record<string, string>>): TextOf {
  return (ref) => (ref === null ? '' : (texts[ref.id] ?? '…'));
}

/** Who an id of a goal means, for people. */
export function actorName(goal: Goal, id: string): string {
  if (id === 'ceo') return 'you';
  return goal.agents[id]?.name ?? id;
}
