import { z } from 'zod';

/** What happens to the places of a goal's graph. */
export const layoutEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('layout.placed'),
    nodes: z.array(z.strictObject({ id: z.string(), x: z.number(), y: z.number(), pinned: z.boolean() })),
  }),
]);

/** See {@link layoutEvent}. */
export type LayoutEvent = z.infer<typeof layoutEvent>;
