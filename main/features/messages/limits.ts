import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Longest body, in bytes of UTF-8; larger things go by reference. */
export const BODY_LIMIT = 64 * 1024;
/** Longest chain of replies before it is taken for a loop. */
export const HOP_LIMIT = 10;
/** Proposals a negotiation may have; with one more it goes to the arbiter. */
export const ROUNDS = 6;
/** Messages an agent may send in a minute. */
export const MESSAGES_A_MINUTE = 30;

/** Why a text is no body of a message, or null. */
export function badText(text: string): Fault | null {
  if (text.trim() === '')
    return faultOf(
      'empty-message',
      'The message is empty.',
      'There is nothing to read.',
      'Write what you want to say.',
    );
  // A UTF-16 unit is at least one byte: what is hopeless is not encoded to be counted.
  if (text.length > BODY_LIMIT || new TextEncoder().encode(text).length > BODY_LIMIT)
    return faultOf(
      'message-too-long',
      'The message is too long.',
      `A body holds at most ${BODY_LIMIT} bytes.`,
      'Use share_artifact and name the artifact in attachments.',
    );
  return null;
}
