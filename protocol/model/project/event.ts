import { z } from 'zod';

/** What happens to a project: a repository the CEO works on. */
export const projectEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('project.opened'), path: z.string(), name: z.string() }),
  z.strictObject({
    type: z.literal('project.commands-set'),
    /** Null where there is none; the source says where each came from. */
    setup: z.string().nullable(),
    verify: z.string().nullable(),
    acceptance: z.string().nullable(),
    source: z.string(),
  }),
  /** Trust is in this content and no other: the digest covers all that could execute or steer. */
  z.strictObject({ type: z.literal('project.trusted'), digest: z.string(), by: z.string() }),
  z.strictObject({ type: z.literal('project.trust-withdrawn'), by: z.string() }),
]);

/** See {@link projectEvent}. */
export type ProjectEvent = z.infer<typeof projectEvent>;
