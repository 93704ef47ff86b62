import { z } from 'zod';

/**
 * An expected failure as the user meets it: `tag` is stable and for programs, the three sentences are for people.
 * `what` happened, `why`, and what to do `next`.
 */
export const fault = z.strictObject({
  tag: z.string().regex(/^[a-z][a-z0-9-]*$/),
  what: z.string(),
  why: z.string(),
  next: z.string(),
});

/** See {@link fault}. */
export type Fault = z.infer<typeof fault>;

/** Builds a fault; the order reads as the sentence the user sees. */
export function faultOf(tag: string, what: string, why: string, next: string): Fault {
  return { tag, what, why, next };
}
