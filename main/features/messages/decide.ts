import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import { type ConversationEvent, type Sensitivity, sensitivity } from '#protocol/model/conversation/event.ts';
import type { Conversation } from '#protocol/model/conversation/state.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { ConversationCommand, NegotiationCommand, SendCommand } from './command.ts';
import { badText, HOP_LIMIT } from './limits.ts';
import { decideNegotiation } from './negotiate.ts';
import { inCircles } from './refusals.ts';

/** An answer says nothing more openly than what it answers. */
function closer(one: Sensitivity, other: Sensitivity): Sensitivity {
  const order = sensitivity.options;
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

function send(state: Conversation, command: SendCommand, context: DecideContext): Decision<ConversationEvent> {
  const bad = badText(command.body);
  if (bad) return refuse(bad);
  if (command.to.length === 0)
    return refuse(
      faultOf(
        'nobody-there',
        'Nobody would get this.',
        'Nobody else is in the crew.',
        'Go on by yourself, or ask_ceo.',
      ),
    );
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
  if (original?.negotiation && !command.negotiation && command.from !== 'ceo') {
    return refuse(
      faultOf(
        'use-respond',
        'This message is a step of a negotiation.',
        'A plain answer would bind nobody.',
        `Use respond with negotiation "${original.negotiation}"; for a question leave reply_to out.`,
      ),
    );
  }
  const hops = Math.max(original?.hops ?? 0, command.hopsBefore ?? 0) + 1;
  if (hops > HOP_LIMIT) {
    return refuse(inCircles(hops - 1));
  }
  const { type: _, hopsBefore: _before, subject, body, ...rest } = command;
  return accept({
    ...rest,
    type: 'message.sent',
    to: [...command.to],
    attachments: [...command.attachments],
    address: (command.address ?? '').slice(0, 200),
    priority: command.priority ?? 'normal',
    sensitivity: closer(command.sensitivity ?? 'internal', original?.sensitivity ?? 'public'),
    negotiation: command.negotiation ?? null,
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
  if (isAboutNegotiation(command)) return decideNegotiation(state, command, context);
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

function isAboutNegotiation(command: ConversationCommand): command is NegotiationCommand {
  return 'negotiation' in command && command.type !== 'send';
}
