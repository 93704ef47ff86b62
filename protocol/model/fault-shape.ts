import { z } from 'zod';
import type { Fault } from './fault.ts';

/** A fault as it crosses the wire. See `Fault`. */
export const fault: z.ZodType<Fault> = z.strictObject({
  tag: z.string().regex(/^[a-z][a-z0-9-]*$/),
  what: z.string(),
  why: z.string(),
  next: z.string(),
});
