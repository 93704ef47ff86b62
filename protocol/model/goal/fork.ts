import { z } from 'zod';

const id = z.string();

/**
 * A moment of a goal at which its files are known: before anything was done, where an attempt began, or where one was
 * merged. Forks begin at boundaries.
 */
export const boundary = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start') }),
  z.strictObject({ kind: z.literal('attempt'), attempt: id }),
  z.strictObject({ kind: z.literal('merge'), attempt: id }),
]);

/** Where a fork comes from. */
export const forkedFrom = z.strictObject({
  goal: id,
  at: boundary,
  /** The commit it begins with. */
  commit: z.string(),
  /** Tasks of the other goal whose work is in that commit: they are not done again. */
  done: z.array(id),
  /** Which task of the other goal each of its first tasks repeats. */
  tasks: z.array(z.strictObject({ from: id, to: id })),
});

/** See {@link boundary}. */
export type Boundary = z.infer<typeof boundary>;
/** See {@link forkedFrom}. */
export type ForkedFrom = z.infer<typeof forkedFrom>;
