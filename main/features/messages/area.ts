import type { Area } from '#main/engine/area.ts';
import { type ConversationEvent, conversationEvent } from '#protocol/model/conversation/event.ts';
import { type Conversation, emptyConversation, evolveConversation } from '#protocol/model/conversation/state.ts';
import { type ConversationCommand, decideConversation } from './decide.ts';

/** Streams `conversation/<goal>.<participants>`: messages in order. */
export const conversationArea: Area<Conversation, ConversationCommand, ConversationEvent> = {
  kind: 'conversation',
  shape: 1,
  initial: emptyConversation,
  decide: decideConversation,
  evolve: (state, event, meta) => evolveConversation(state, event, meta.at),
  order(event) {
    if (event.type === 'message.sent' || event.type === 'message.replayed')
      return { kind: 'message.deliver', dueAt: null };
    if (event.type === 'message.dead-lettered') return { kind: 'message.gone', dueAt: null };
    if (event.type === 'message.rung' && event.expiresAt !== null)
      return { kind: 'message.expire', dueAt: event.expiresAt };
    return null;
  },
  decode: (type, data) => conversationEvent.parse({ type, ...(data as object) }),
};
