/**
 * An expected failure as the user meets it: `tag` is stable and for programs, the three sentences are for people.
 * `what` happened, `why`, and what to do `next`. Its shape on the wire is in `fault-shape.ts`: this file loads nothing.
 */
export interface Fault {
  tag: string;
  what: string;
  why: string;
  next: string;
}

/** Builds a fault; the order reads as the sentence the user sees. */
export function faultOf(tag: string, what: string, why: string, next: string): Fault {
  return { tag, what, why, next };
}
