import { z } from 'zod';
import { payloadRef } from '../payload.ts';

/** Who a decision binds: agents by id, roles (or `everyone`), and whoever works on these paths. */
export const binding = z.strictObject({
  agents: z.array(z.string()),
  roles: z.array(z.string()),
  paths: z.array(z.string()),
});

/** Why a negotiation went to an arbiter, or on to the next. */
export const escalationCause = z.enum(['deadline', 'rounds', 'rejected', 'repeated', 'silent', 'absent']);

/** How a negotiation ended. */
export const negotiationOutcome = z.enum(['agreed', 'decided', 'withdrawn']);

/** What happens in a negotiation. Its words are messages of the same conversation, stored with these in one step. */
export const negotiationEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('negotiation.opened'),
    negotiation: z.string(),
    goal: z.string(),
    subject: payloadRef,
    by: z.string(),
    /** Agents' ids, the one that opened it among them. */
    parties: z.array(z.string()).min(2),
    binds: binding,
    /** Wall-clock milliseconds at which it goes to the arbiter by itself. */
    deadline: z.number(),
    /** Proposals it may have before it goes to the arbiter. */
    rounds: z.number().int().positive(),
    /** Who rules, one after the other; `ceo` is last. */
    arbiters: z.array(z.string()).min(1),
    /** Length of the chain of wake-ups it stands in. */
    hops: z.number().int(),
  }),
  z.strictObject({
    type: z.literal('negotiation.proposed'),
    negotiation: z.string(),
    version: z.number().int().positive(),
    by: z.string(),
    text: payloadRef,
    message: z.string(),
  }),
  z.strictObject({
    type: z.literal('negotiation.accepted'),
    negotiation: z.string(),
    version: z.number().int(),
    by: z.string(),
  }),
  z.strictObject({
    type: z.literal('negotiation.rejected'),
    negotiation: z.string(),
    version: z.number().int(),
    by: z.string(),
  }),
  z.strictObject({
    type: z.literal('negotiation.escalated'),
    negotiation: z.string(),
    cause: escalationCause,
    /** Who rules now. */
    to: z.string(),
    /** How often it was escalated, this time included. */
    stage: z.number().int().positive(),
  }),
  /** The arbiter was called; it has until then, and the CEO as long as it takes. */
  z.strictObject({
    type: z.literal('negotiation.called'),
    negotiation: z.string(),
    stage: z.number().int().positive(),
    until: z.number().nullable(),
    message: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('negotiation.ended'),
    negotiation: z.string(),
    outcome: negotiationOutcome,
    by: z.string(),
    /** The proposal that holds; null where the arbiter used words of its own, or nothing holds. */
    version: z.number().int().nullable(),
    text: payloadRef.nullable(),
  }),
]);

/** See {@link negotiationEvent}. */
export type NegotiationEvent = z.infer<typeof negotiationEvent>;
/** See {@link binding}. */
export type Binding = z.infer<typeof binding>;
/** See {@link escalationCause}. */
export type EscalationCause = z.infer<typeof escalationCause>;
/** See {@link negotiationOutcome}. */
export type NegotiationOutcome = z.infer<typeof negotiationOutcome>;
