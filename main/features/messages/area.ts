import type { Area } from '#main/engine/area.ts';
import { type ConversationEvent, conversationEvent } from '#protocol/model/conversation/event.ts';
import { type Conversation, emptyConversation, evolveConversation } from '#protocol/model/conversation/state.ts';
import type { ConversationCommand } from './command.ts';
import { decideConversation } from './decide.ts';

/** Streams `conversation/<goal>.<participants>`: messages in order. */
export const conversationArea: Area<Conversation, ConversationCommand, ConversationEvent> = {
  kind: 'conversation',
  shape: 2,
  initial: emptyConversation,
  decide: decideConversation,
  evolve: (state, event, meta) => evolveConversation(state, event, meta.at),
  order(event) {
    if (event.type === 'negotiation.opened') return { kind: 'negotiation.due', dueAt: event.deadline };
    if (event.type === 'negotiation.escalated') return { kind: 'negotiation.arbitrate', dueAt: null };
    if (event.type === 'negotiation.called' && event.until !== null)
      return { kind: 'negotiation.due', dueAt: event.until };
    if (event.type === 'negotiation.ended') return { kind: 'negotiation.settle', dueAt: null };
    if (event.type === 'message.sent' || event.type === 'message.replayed')
      return { kind: 'message.deliver', dueAt: null };
    if (event.type === 'message.dead-lettered') return { kind: 'message.gone', dueAt: null };
    if (event.type === 'message.rung' && event.expiresAt !== null)
      return { kind: 'message.expire', dueAt: event.expiresAt };
    return null;
  },
  decode: (type, data) => conversationEvent.parse({ type, ...(data as object) }),
};
