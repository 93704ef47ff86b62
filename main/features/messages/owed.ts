import type { Message } from '#protocol/model/conversation/state.ts';
import type { MessageService } from './service.ts';

/** Whether a message still wants this agent's answer. */
export function isOwed(
  message: Message,
  agent: string,
  { negotiations }: Pick<MessageService, 'negotiations'>,
): boolean {
  if (!message.wantsAnswer || message.dead) return false;
  if (message.negotiation === null) return message.answeredBy === null;
  return negotiations.isTurn(message.goal, message.negotiation, agent, message.id);
}
