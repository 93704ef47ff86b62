import { z } from 'zod';
import { binding } from '../conversation/negotiation-event.ts';
import { payloadRef } from '../payload.ts';

/** How something was decided: the parties agreed, an arbiter ruled, or the CEO said so. */
export const decidedHow = z.enum(['agreed', 'arbiter', 'ceo']);

/** What happens to the shared decisions of a project. No free text. */
export const decisionEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('decision.recorded'),
    decision: z.string(),
    subject: payloadRef,
    text: payloadRef,
    how: decidedHow,
    /** `ceo` or agents' ids: the arbiter, or the parties that agreed. */
    by: z.array(z.string()),
    binds: binding,
    /** The goal it was decided in; null where the CEO decided for the whole project. */
    goal: z.string().nullable(),
    negotiation: z.string().nullable(),
    /** The decision it takes the place of. */
    supersedes: z.string().nullable(),
  }),
  z.strictObject({ type: z.literal('decision.retired'), decision: z.string(), by: z.string() }),
]);

/** See {@link decisionEvent}. */
export type DecisionEvent = z.infer<typeof decisionEvent>;
/** See {@link decidedHow}. */
export type DecidedHow = z.infer<typeof decidedHow>;
