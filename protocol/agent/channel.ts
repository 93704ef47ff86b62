import { z } from 'zod';
import { assignment } from './assignment.ts';
import { agentEvent } from './event.ts';

/** Longest message on the channel, in bytes; a longer one is dropped and counted. */
export const CHANNEL_MESSAGE_LIMIT = 4 * 1024 * 1024;

/** From the orchestrator to an agent-host. */
export const toHost = z.discriminatedUnion('type', [
  /** An assignment for this driver is likely: load what it needs. */
  z.strictObject({ type: z.literal('expect'), driver: z.string() }),
  z.strictObject({ type: z.literal('start'), assignment }),
  /** A fixed notice of ours (the doorbell), pushed into the running turn. Never carries a message body. */
  z.strictObject({ type: z.literal('notify'), id: z.string(), text: z.string() }),
  /** End the turn cleanly; the session stays resumable. */
  z.strictObject({ type: z.literal('interrupt') }),
  /** End the host and everything it started. */
  z.strictObject({ type: z.literal('stop') }),
]);

/** From an agent-host to the orchestrator. */
export const fromHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('event'), run: z.string(), sequence: z.number().int(), event: agentEvent }),
  /** Sent every few seconds while the host's own loop turns: alive, not progressing. */
  z.strictObject({ type: z.literal('heartbeat') }),
]);

/** See {@link toHost}. */
export type ToHost = z.infer<typeof toHost>;
/** See {@link fromHost}. */
export type FromHost = z.infer<typeof fromHost>;
