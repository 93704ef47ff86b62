import type { ReadableMessage } from '#main/features/messages/index.ts';
import { latestOf, type Negotiation, owes } from '#protocol/model/conversation/negotiation.ts';

/** Looks up who an id means. */
export type NameOf = (id: string) => string;

/** What an agent can do about a negotiation now, as a sentence with the exact call. */
function nextStep(negotiation: Negotiation, agent: string): string {
  const call = `negotiation "${negotiation.id}"`;
  if (!owes(negotiation, agent)) return '';
  if (negotiation.arbitration)
    return `\nyou decide: call respond with ${call}, verdict "decide", and the version that holds or a text of your own`;
  const version = latestOf(negotiation)?.version ?? 1;
  return `\nwants an answer: call respond with ${call}, version ${version} and verdict "accept", "counter" (with your text) or "reject"`;
}

/** A message as its reader gets it: data with its provenance. */
export function messageWords(
  message: ReadableMessage,
  { agent, nameOf, negotiation }: { agent: string; nameOf: NameOf; negotiation: Negotiation | undefined },
): string {
  const lines = [
    `[aios-message:${message.id}]`,
    `from: ${nameOf(message.from)}`,
    `kind: ${message.kind}`,
    `subject: ${message.subjectText}`,
    ...(message.priority === 'normal' ? [] : [`priority: ${message.priority}`]),
    ...(message.sensitivity === 'internal' ? [] : [`sensitivity: ${message.sensitivity}`]),
    ...(message.replyTo === null ? [] : [`in reply to: ${message.replyTo}`]),
    ...(message.attachments.length === 0 ? [] : [`attachments: ${message.attachments.join(', ')}`]),
  ];
  const answer =
    negotiation !== undefined
      ? nextStep(negotiation, agent)
      : !message.wantsAnswer
        ? ''
        : message.answeredBy === null
          ? `\nwants an answer: reply with send_message and reply_to "${message.id}"`
          : '\nit was answered already: nothing more is wanted of you';
  return `${lines.join('\n')}${answer}\n---\n${message.bodyText}\n---`;
}

/** How a negotiation stands for one of its parties or its arbiter. */
export function standingWords(
  negotiation: Negotiation,
  agent: string,
  { nameOf, textOf }: { nameOf: NameOf; textOf: (id: string) => string },
): string {
  const { ended, arbitration, id } = negotiation;
  const quoted = (text: string) => `\n---\n${text}\n---`;
  if (ended?.outcome === 'withdrawn') return `Withdrawn by ${nameOf(ended.by)}: nothing was decided.`;
  if (ended) {
    const how = ended.outcome === 'agreed' ? 'Agreed' : `Decided by ${nameOf(ended.by)}`;
    const which = ended.version === null ? '' : `: version ${ended.version} holds`;
    return `${how}${which}. It binds you as decision dec_${id}:${quoted(textOf(ended.text?.id ?? ''))}`;
  }
  if (arbitration)
    return `${nameOf(arbitration.arbiter)} decides ${id} now (${arbitration.cause}). The outcome will be announced; go on or end your turn.`;
  const latest = latestOf(negotiation);
  if (latest && owes(negotiation, agent))
    return `${nameOf(latest.by)} proposes version ${latest.version} of ${id}:${quoted(textOf(latest.text.id))}${nextStep(negotiation, agent)}`;
  const missing = negotiation.parties.filter((party) => owes(negotiation, party)).map(nameOf);
  return `Version ${latest?.version ?? 1} of ${id} is proposed; ${missing.join(', ')} has to answer. The answer will be announced; go on or end your turn.`;
}
