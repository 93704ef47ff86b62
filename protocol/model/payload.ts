import { z } from 'zod';

/**
 * A text that events refer to but never hold: prompts, bodies, titles, output. `hash` is keyed (HMAC-SHA256, first 16
 * bytes, base64url), so that the text can be forgotten without leaving a guessable trace.
 */
export const payloadRef = z.strictObject({ id: z.string(), hash: z.string() });

/** See {@link payloadRef}. */
export type PayloadRef = z.infer<typeof payloadRef>;
