import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { runReason } from './parts.ts';

/**
 * Why an instance of an agent is replaced. `context`: its session has nearly filled the model's context. `crash`: its
 * process or session kept being lost. `failover`: the endpoint does not serve its model. `reassigned`: the CEO gave the
 * task to somebody else. `moved`: its workspace was restored elsewhere and its session was not.
 */
export const handoffCause = z.enum(['context', 'crash', 'failover', 'reassigned', 'moved']);

const parties = {
  attempt: z.string(),
  from: z.string(),
  /** The same agent where a fresh session of its own succeeds. */
  to: z.string(),
  /** The last run of the predecessor. */
  run: z.string().nullable(),
  cause: handoffCause,
};

/** Events of handoffs, and of what a successor needs to be there. */
export const handoffEvents = [
  /** From here on the attempt is the successor's; its run is ordered once the packet is there. */
  z.strictObject({
    type: z.literal('attempt.handover-ordered'),
    ...parties,
    /** Why the successor's first run is ordered, and the texts its prompt is made of. */
    reason: runReason,
    about: z.array(payloadRef),
  }),
  z.strictObject({ type: z.literal('attempt.handed-over'), ...parties, packet: payloadRef }),
  /** Its workspace was gone and was made again from the object store. */
  z.strictObject({ type: z.literal('attempt.restored'), attempt: z.string(), run: z.string(), workspace: z.string() }),
] as const;

/** See {@link handoffCause}. */
export type HandoffCause = z.infer<typeof handoffCause>;
