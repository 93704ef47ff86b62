import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { negotiationEvent } from './negotiation-event.ts';

/** What a message wants. */
export const messageKind = z.enum([
  'inform',
  'request',
  'propose',
  'accept',
  'reject',
  'counter',
  'delegate',
  'result',
  'escalate',
]);

/** How urgent a message is: `high` is read first, `low` never disturbs a running turn. */
export const priority = z.enum(['low', 'normal', 'high']);

/** How far what a message says may go, the most open first; an answer is never more open than what it answers. */
export const sensitivity = z.enum(['public', 'internal', 'confidential', 'secret']);

/** What happens to messages of one conversation. Bodies are payloads. */
export const conversationEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message.sent'),
    message: z.string(),
    goal: z.string(),
    /** `ceo`, `system` or an agent's id, taken from the sender's token. */
    from: z.string(),
    /** Agents' ids or `ceo`; roles and "everyone" are resolved when it is sent. */
    to: z.array(z.string()).min(1),
    kind: messageKind,
    subject: payloadRef,
    body: payloadRef,
    replyTo: z.string().nullable(),
    wantsAnswer: z.boolean(),
    /** Wall-clock milliseconds; null never expires. */
    deadline: z.number().nullable(),
    attachments: z.array(z.string()),
    /** Length of the chain of replies. */
    hops: z.number().int(),
    /** What it was addressed to as the sender wrote it: an agent, `role:qa`, `everyone`, `ceo`. Absent in the oldest events. */
    address: z.string().default(''),
    priority: priority.default('normal'),
    sensitivity: sensitivity.default('internal'),
    /** The negotiation it is a step of. */
    negotiation: z.string().nullable().default(null),
  }),
  z.strictObject({
    type: z.literal('message.rung'),
    message: z.string(),
    /** Who was told, and how: in a running turn, by being woken, or at the next turn. */
    how: z.record(z.string(), z.enum(['doorbell', 'woken', 'next-turn', 'inbox'])),
    /** When an unanswered message expires; null when it does not. */
    expiresAt: z.number().nullable(),
  }),
  z.strictObject({ type: z.literal('message.read'), message: z.string(), by: z.string(), run: z.string() }),
  z.strictObject({
    type: z.literal('message.acknowledged'),
    message: z.string(),
    by: z.string(),
    run: z.string(),
    call: z.string(),
  }),
  z.strictObject({
    type: z.literal('message.dead-lettered'),
    message: z.string(),
    reason: z.enum(['expired', 'undeliverable', 'goal-over']),
  }),
  z.strictObject({ type: z.literal('message.replayed'), message: z.string(), by: z.string() }),
  negotiationEvent,
]);

/** See {@link conversationEvent}. */
export type ConversationEvent = z.infer<typeof conversationEvent>;
/** See {@link messageKind}. */
export type MessageKind = z.infer<typeof messageKind>;
/** See {@link priority}. */
export type Priority = z.infer<typeof priority>;
/** See {@link sensitivity}. */
export type Sensitivity = z.infer<typeof sensitivity>;
