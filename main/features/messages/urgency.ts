import type { Message } from '#protocol/model/conversation/state.ts';

/**
 * Messages as they are read: conversations with an urgent message first. Within a conversation the order in which it was
 * sent is kept, whatever is urgent in it.
 */
export function urgentFirst(messages: readonly Message[], conversationOf: (message: Message) => string): Message[] {
  const known = messages.map((message) => ({ message, conversation: conversationOf(message) }));
  const urgent = new Set(
    known.flatMap(({ message, conversation }) => (message.priority === 'high' ? [conversation] : [])),
  );
  const rank = (conversation: string) => (urgent.has(conversation) ? 0 : 1);
  return known
    .toSorted((one, other) => rank(one.conversation) - rank(other.conversation))
    .map(({ message }) => message);
}
