import type { PayloadRef } from '../payload.ts';
import type { ConversationEvent, MessageKind, Priority, Sensitivity } from './event.ts';
import { evolveNegotiations, type Negotiations } from './negotiation.ts';

/** One message and what became of it. */
export interface Message {
  readonly id: string;
  readonly goal: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly kind: MessageKind;
  readonly subject: PayloadRef;
  readonly body: PayloadRef;
  readonly replyTo: string | null;
  readonly wantsAnswer: boolean;
  readonly deadline: number | null;
  readonly attachments: readonly string[];
  readonly hops: number;
  /** What it was addressed to, as the sender wrote it; empty for the oldest. */
  readonly address: string;
  readonly priority: Priority;
  readonly sensitivity: Sensitivity;
  /** The negotiation it is a step of. */
  readonly negotiation: string | null;
  readonly sentAt: number;
  readonly rung: Readonly<Record<string, string>>;
  readonly readBy: Readonly<Record<string, number>>;
  /** Recipients whose model has seen it in a completed call. */
  readonly acknowledgedBy: Readonly<Record<string, number>>;
  /** The message that answered it. */
  readonly answeredBy: string | null;
  readonly dead: { readonly reason: string; readonly at: number } | null;
  /** Times it was a dead letter and was sent again. */
  readonly replays: number;
}

/** Messages between the same participants, in the order they were sent. */
export interface Conversation {
  readonly id: string;
  readonly order: readonly string[];
  readonly messages: Readonly<Record<string, Message>>;
  readonly negotiations: Negotiations;
}

/** A conversation nobody has spoken in. */
export function emptyConversation(id: string): Conversation {
  return { id, order: [], messages: {}, negotiations: {} };
}

function withMessage(state: Conversation, id: string, change: (message: Message) => Partial<Message>): Conversation {
  const message = state.messages[id];
  return message ? { ...state, messages: { ...state.messages, [id]: { ...message, ...change(message) } } } : state;
}

function sent(
  state: Conversation,
  event: Extract<ConversationEvent, { type: 'message.sent' }>,
  at: number,
): Conversation {
  const { type: _, message: id, ...rest } = event;
  const message: Message = {
    ...rest,
    id,
    sentAt: at,
    rung: {},
    readBy: {},
    acknowledgedBy: {},
    answeredBy: null,
    dead: null,
    replays: 0,
  };
  const answered = event.replyTo
    ? withMessage(state, event.replyTo, (original) =>
        event.from === original.from ? {} : { answeredBy: original.answeredBy ?? id },
      )
    : state;
  return { ...answered, order: [...answered.order, id], messages: { ...answered.messages, [id]: message } };
}

/** The next state of a conversation. Pure and total. */
export function evolveConversation(state: Conversation, event: ConversationEvent, at: number): Conversation {
  switch (event.type) {
    case 'message.sent':
      return sent(state, event, at);
    case 'message.rung':
      return withMessage(state, event.message, (message) => ({ rung: { ...message.rung, ...event.how } }));
    case 'message.read':
      return withMessage(state, event.message, (message) => ({ readBy: { ...message.readBy, [event.by]: at } }));
    case 'message.acknowledged':
      return withMessage(state, event.message, (message) => ({
        acknowledgedBy: { ...message.acknowledgedBy, [event.by]: at },
      }));
    case 'message.dead-lettered':
      return withMessage(state, event.message, () => ({ dead: { reason: event.reason, at } }));
    case 'message.replayed':
      return withMessage(state, event.message, ({ replays }) => ({
        dead: null,
        rung: {},
        readBy: {},
        acknowledgedBy: {},
        deadline: null,
        replays: replays + 1,
      }));
    default:
      return { ...state, negotiations: evolveNegotiations(state.negotiations, event, at) };
  }
}
