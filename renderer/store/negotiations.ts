import type { Negotiation } from '#protocol/model/conversation/negotiation.ts';
import type { Conversation, Message } from '#protocol/model/conversation/state.ts';

type Conversations = Readonly<Record<string, Conversation>>;

/** The negotiation with an id, in whichever conversation it is; null when there is none. */
export function negotiationIn(conversations: Conversations, id: string): Negotiation | null {
  for (const { negotiations } of Object.values(conversations)) {
    const found = negotiations[id];
    if (found) return found;
  }
  return null;
}

/** Messages that reached nobody, in all goals, the newest first. */
export function deadLettersOf(conversations: Conversations): Message[] {
  return Object.values(conversations)
    .flatMap(({ messages }) => Object.values(messages).filter((message) => message.dead !== null))
    .sort((one, other) => (other.dead?.at ?? 0) - (one.dead?.at ?? 0));
}
