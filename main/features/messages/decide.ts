import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import type { ConversationEvent, MessageKind } from '#protocol/model/conversation/event.ts';
import type { Conversation } from '#protocol/model/conversation/state.ts';
import { faultOf } from '#protocol/model/fault.ts';

/** Everything that can be asked of a conversation. */
export type ConversationCommand =
  | {
      readonly type: 'send';
      readonly message: string;
      readonly goal: string;
      readonly from: string;
      readonly to: readonly string[];
      readonly kind: MessageKind;
      readonly subject: string;
      readonly body: string;
      readonly replyTo: string | null;
      readonly wantsAnswer: boolean;
      readonly deadline: number | null;
      readonly attachments: readonly string[];
      /** Hops behind the sender already: it was woken for a message at the end of so long a chain. */
      readonly hopsBefore?: number;
    }
  | {
      readonly type: 'rung';
      readonly message: string;
      readonly how: Readonly<Record<string, 'doorbell' | 'woken' | 'next-turn' | 'inbox'>>;
    }
  | { readonly type: 'read'; readonly message: string; readonly by: string; readonly run: string }
  | {
      readonly type: 'acknowledge';
      readonly message: string;
      readonly by: string;
      readonly run: string;
      readonly call: string;
    }
  | { readonly type: 'expire'; readonly message: string }
  | { readonly type: 'bury'; readonly message: string; readonly reason: 'undeliverable' | 'goal-over' }
  | { readonly type: 'replay'; readonly message: string; readonly by: string }
  | { readonly type: 'nothing' };

/** Longest body, in bytes of UTF-8; larger things go by reference. */
export const BODY_LIMIT = 64 * 1024;
/** Longest chain of replies before it is taken for a loop. */
export const HOP_LIMIT = 10;

type Send = Extract<ConversationCommand, { type: 'send' }>;

function send(state: Conversation, command: Send, context: DecideContext): Decision<ConversationEvent> {
  if (command.body.trim() === '') {
    return refuse(
      faultOf('empty-message', 'The message is empty.', 'There is nothing to read.', 'Write what you want to say.'),
    );
  }
  if (new TextEncoder().encode(command.body).length > BODY_LIMIT) {
    return refuse(
      faultOf(
        'message-too-long',
        'The message is too long.',
        `A body holds at most ${BODY_LIMIT} bytes.`,
        'Use share_artifact and send its id.',
      ),
    );
  }
  const original = command.replyTo === null ? undefined : state.messages[command.replyTo];
  if (
    command.replyTo !== null &&
    (!original || !(original.to.includes(command.from) || original.from === command.from))
  ) {
    return refuse(
      faultOf(
        'no-such-message',
        `There is no message ${command.replyTo} to answer.`,
        'It was not sent to you.',
        'Use read_messages for the ids of your messages.',
      ),
    );
  }
  const hops = Math.max(original?.hops ?? 0, command.hopsBefore ?? 0) + 1;
  if (hops > HOP_LIMIT) {
    return refuse(
      faultOf(
        'too-many-replies',
        'This exchange goes round in circles.',
        `It has ${hops - 1} replies.`,
        'Decide with what you know, or use ask_ceo.',
      ),
    );
  }
  const { type: _, hopsBefore: _before, subject, body, ...rest } = command;
  return accept({
    ...rest,
    type: 'message.sent',
    to: [...command.to],
    attachments: [...command.attachments],
    subject: context.keep(subject.slice(0, 200)),
    body: context.keep(body),
    hops,
  });
}

/** Decides a command on a conversation. Pure. */
export function decideConversation(
  state: Conversation,
  command: ConversationCommand,
  context: DecideContext,
): Decision<ConversationEvent> {
  if (command.type === 'nothing') return accept();
  if (command.type === 'send') return send(state, command, context);
  const message = state.messages[command.message];
  if (!message)
    return refuse(
      faultOf(
        'no-such-message',
        `There is no message ${command.message}.`,
        'It is not in this conversation.',
        'Use read_messages.',
      ),
    );
  switch (command.type) {
    case 'rung':
      return accept({
        type: 'message.rung',
        message: message.id,
        how: { ...command.how },
        expiresAt: message.wantsAnswer ? message.deadline : null,
      });
    case 'read':
      return message.readBy[command.by] === undefined
        ? accept({ type: 'message.read', message: message.id, by: command.by, run: command.run })
        : accept();
    case 'acknowledge':
      if (message.acknowledgedBy[command.by] !== undefined || !message.to.includes(command.by)) return accept();
      return accept({
        type: 'message.acknowledged',
        message: message.id,
        by: command.by,
        run: command.run,
        call: command.call,
      });
    case 'expire':
      if (message.dead || message.answeredBy || !message.wantsAnswer) return accept();
      return accept({ type: 'message.dead-lettered', message: message.id, reason: 'expired' });
    case 'bury':
      return message.dead || message.answeredBy
        ? accept()
        : accept({ type: 'message.dead-lettered', message: message.id, reason: command.reason });
    case 'replay':
      if (!message.dead)
        return refuse(
          faultOf('not-dead', 'This message is not a dead letter.', 'It was delivered.', 'Nothing is to be done.'),
        );
      return accept({ type: 'message.replayed', message: message.id, by: command.by });
  }
}
