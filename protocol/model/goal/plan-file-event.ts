import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { actor, maybeText } from './parts.ts';

/** What happens to the plan's file on the goal's branch. */
export const planFileEvents = [
  /** The plan changed, or the branch did: the file is to be looked at, and written where it says something else. */
  z.strictObject({ type: z.literal('plan-file.ordered') }),
  /** The file on the branch is AIOS's own. `blob`: its git id. */
  z.strictObject({ type: z.literal('plan-file.written'), blob: z.string() }),
  /** Somebody else wrote the file: a proposal. `item` asks the CEO. */
  z.strictObject({ type: z.literal('plan-edit.proposed'), text: payloadRef, blob: z.string(), item: z.string() }),
  z.strictObject({ type: z.literal('plan-edit.accepted'), text: payloadRef, by: actor }),
  /** Applied, turned down, or not usable, with the reason. */
  z.strictObject({
    type: z.literal('plan-edit.ended'),
    result: z.enum(['applied', 'denied', 'refused']),
    blob: z.string().nullable(),
    detail: maybeText,
  }),
] as const;

/** One of {@link planFileEvents}. */
export type PlanFileEvent = z.infer<(typeof planFileEvents)[number]>;
