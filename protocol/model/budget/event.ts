import { z } from 'zod';

const nanos = z.number().int().nonnegative();

/** What happens in the tree of budgets. Amounts in nano-dollars. */
export const budgetEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('budget.opened'),
    node: z.string(),
    parent: z.string().nullable(),
    kind: z.enum(['company', 'project', 'goal', 'agent', 'task', 'run']),
    cap: nanos.nullable(),
  }),
  z.strictObject({ type: z.literal('budget.cap-changed'), node: z.string(), cap: nanos.nullable(), by: z.string() }),
  z.strictObject({
    type: z.literal('call.reserved'),
    call: z.string(),
    node: z.string(),
    agent: z.string(),
    model: z.string(),
    nanos,
    maxTokens: z.number().int().positive(),
  }),
  z.strictObject({
    type: z.literal('call.settled'),
    call: z.string(),
    nanos,
    /** False when usage never arrived and the reservation stands. */
    metered: z.boolean(),
    status: z.enum(['completed', 'cut', 'failed', 'cancelled', 'lost']),
    tokens: z.strictObject({
      input: z.number(),
      output: z.number(),
      cacheWrite: z.number(),
      cacheRead: z.number(),
    }),
  }),
  /** A reservation made ahead, for a call that did not come, is given back. */
  z.strictObject({ type: z.literal('call.released'), call: z.string() }),
  z.strictObject({ type: z.literal('call.refused'), call: z.string(), node: z.string(), wall: z.string() }),
]);

/** See {@link budgetEvent}. */
export type BudgetEvent = z.infer<typeof budgetEvent>;
