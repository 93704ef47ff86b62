import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import type { ConversationEvent, MessageKind } from '#protocol/model/conversation/event.ts';
import { latestOf, type Negotiation, owes } from '#protocol/model/conversation/negotiation.ts';
import type { EscalationCause, NegotiationEvent } from '#protocol/model/conversation/negotiation-event.ts';
import type { Conversation } from '#protocol/model/conversation/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { NegotiationCommand, NegotiationReport, NegotiationStep, ProposeCommand } from './command.ts';
import { badText, HOP_LIMIT, ROUNDS } from './limits.ts';
import {
  inCircles,
  isOver,
  NOBODY_TO_AGREE,
  noSuchNegotiation,
  noSuchVersion,
  notNow,
  notTheArbiter,
  notToWithdraw,
} from './refusals.ts';

/** Who rules in the end. */
export const CEO = 'ceo';

type Step<Type extends NegotiationStep['type']> = Extract<NegotiationStep, { type: Type }>;

function said(
  negotiation: Negotiation,
  command: NegotiationStep,
  parts: { kind: MessageKind; body: PayloadRef; wantsAnswer: boolean },
): ConversationEvent {
  return {
    type: 'message.sent',
    message: command.message,
    goal: negotiation.goal,
    from: command.from,
    to: negotiation.parties.filter((party) => party !== command.from),
    subject: negotiation.subject,
    replyTo: latestOf(negotiation)?.message ?? null,
    // The negotiation has a deadline; its messages do not expire one by one.
    deadline: null,
    attachments: [],
    hops: negotiation.hops,
    address: '',
    priority: 'normal',
    sensitivity: 'internal',
    negotiation: negotiation.id,
    ...parts,
  };
}

/** Hands it to whoever rules next: each arbiter once, the CEO last. */
function escalated(negotiation: Negotiation, cause: EscalationCause): NegotiationEvent[] {
  const stage = (negotiation.arbitration?.stage ?? 0) + 1;
  const to = negotiation.arbiters[stage - 1];
  return to === undefined ? [] : [{ type: 'negotiation.escalated', negotiation: negotiation.id, cause, to, stage }];
}

function propose(state: Conversation, command: ProposeCommand, context: DecideContext): Decision<ConversationEvent> {
  const { negotiation, message, goal, from } = command;
  if (state.negotiations[negotiation]) return accept();
  const bad = badText(command.text);
  if (bad) return refuse(bad);
  const parties = [...new Set([from, ...command.to])];
  if (parties.length < 2 || parties.includes(CEO)) return refuse(NOBODY_TO_AGREE);
  const hops = command.hopsBefore + 1;
  if (hops > HOP_LIMIT) return refuse(inCircles(hops - 1));
  const subject = context.keep(command.subject.slice(0, 200));
  const text = context.keep(command.text.trim());
  return accept<ConversationEvent>(
    {
      type: 'negotiation.opened',
      negotiation,
      goal,
      subject,
      by: from,
      parties,
      binds: command.binds,
      deadline: command.deadline,
      rounds: ROUNDS,
      arbiters: [...new Set(command.arbiters.filter((id) => id !== CEO && !parties.includes(id))), CEO],
      hops,
    },
    {
      type: 'message.sent',
      message,
      goal,
      from,
      to: parties.filter((party) => party !== from),
      kind: 'propose',
      subject,
      body: text,
      replyTo: null,
      wantsAnswer: true,
      deadline: null,
      attachments: [],
      hops,
      address: command.address.slice(0, 200),
      priority: 'normal',
      sensitivity: 'internal',
      negotiation,
    },
    { type: 'negotiation.proposed', negotiation, version: 1, by: from, text, message },
  );
}

function counter(negotiation: Negotiation, command: Step<'counter'>, context: DecideContext): ConversationEvent[] {
  const text = context.keep(command.text.trim());
  const version = negotiation.proposals.length + 1;
  // The same words again are no new information: somebody else has to decide.
  const repeated = negotiation.proposals.some((each) => each.text.hash === text.hash);
  const cause = repeated ? 'repeated' : version > negotiation.rounds ? 'rounds' : null;
  return [
    said(negotiation, command, { kind: 'counter', body: text, wantsAnswer: cause === null }),
    {
      type: 'negotiation.proposed',
      negotiation: negotiation.id,
      version,
      by: command.from,
      text,
      message: command.message,
    },
    ...(cause === null ? [] : escalated(negotiation, cause)),
  ];
}

function accepted(negotiation: Negotiation, command: Step<'accept'>, context: DecideContext): ConversationEvent[] {
  const latest = latestOf(negotiation);
  const { id, parties } = negotiation;
  const { from, version } = command;
  const missing = parties.filter((party) => party !== from && !latest?.accepted.includes(party));
  const body = context.keep(command.text.trim() || `Accepted: version ${version}.`);
  return [
    said(negotiation, command, { kind: 'accept', body, wantsAnswer: false }),
    { type: 'negotiation.accepted', negotiation: id, version, by: from },
    ...(missing.length === 0 && latest
      ? [
          {
            type: 'negotiation.ended' as const,
            negotiation: id,
            outcome: 'agreed' as const,
            by: from,
            version,
            text: latest.text,
          },
        ]
      : []),
  ];
}

function rejected(negotiation: Negotiation, command: Step<'reject'>, context: DecideContext): ConversationEvent[] {
  const body = context.keep(command.text.trim() || `Rejected: version ${command.version}.`);
  return [
    said(negotiation, command, { kind: 'reject', body, wantsAnswer: false }),
    {
      type: 'negotiation.rejected',
      negotiation: negotiation.id,
      version: command.version,
      by: command.from,
    },
    ...escalated(negotiation, 'rejected'),
  ];
}

function withdraw(
  negotiation: Negotiation,
  command: Step<'withdraw'>,
  context: DecideContext,
): Decision<ConversationEvent> {
  const may = command.from === CEO || command.from === 'system';
  if (!may && (command.from !== negotiation.by || negotiation.arbitration)) return refuse(notToWithdraw(negotiation));
  const body = context.keep(command.text.trim() || 'Withdrawn: nothing was decided.');
  return accept<ConversationEvent>(said(negotiation, command, { kind: 'result', body, wantsAnswer: false }), {
    type: 'negotiation.ended',
    negotiation: negotiation.id,
    outcome: 'withdrawn',
    by: command.from,
    version: null,
    text: null,
  });
}

function rule(negotiation: Negotiation, command: Step<'rule'>, context: DecideContext): Decision<ConversationEvent> {
  if (command.from !== CEO && command.from !== negotiation.arbitration?.arbiter)
    return refuse(notTheArbiter(negotiation));
  const chosen = negotiation.proposals.find((each) => each.version === command.version);
  if (command.version !== null && !chosen) return refuse(noSuchVersion(negotiation, command.version));
  const bad = chosen ? null : badText(command.text);
  if (bad) return refuse(bad);
  const body = chosen && command.text.trim() === '' ? chosen.text : context.keep(command.text.trim());
  return accept<ConversationEvent>(said(negotiation, command, { kind: 'result', body, wantsAnswer: false }), {
    type: 'negotiation.ended',
    negotiation: negotiation.id,
    outcome: 'decided',
    by: command.from,
    version: chosen?.version ?? null,
    text: chosen?.text ?? body,
  });
}

function step(negotiation: Negotiation, command: NegotiationStep, context: DecideContext): Decision<ConversationEvent> {
  if (negotiation.ended) return refuse(isOver(negotiation.ended));
  if (command.type === 'withdraw') return withdraw(negotiation, command, context);
  if (command.type === 'rule') return rule(negotiation, command, context);
  const fault = notNow(negotiation, command) ?? (command.type === 'counter' ? badText(command.text) : null);
  if (fault) return refuse(fault);
  const long = command.text === '' ? null : badText(`.${command.text}`);
  if (long) return refuse(long);
  if (command.type === 'counter') return accept(...counter(negotiation, command, context));
  if (command.type === 'accept') return accept(...accepted(negotiation, command, context));
  return accept(...rejected(negotiation, command, context));
}

/** What the orchestrator reports: late or twice it changes nothing. */
function report(negotiation: Negotiation, command: NegotiationReport): Decision<ConversationEvent> {
  const { arbitration } = negotiation;
  if (negotiation.ended) return accept();
  switch (command.type) {
    case 'overdue':
      return (arbitration?.stage ?? 0) === command.stage ? accept(...escalated(negotiation, 'deadline')) : accept();
    case 'silent':
      return owes(negotiation, command.by) ? accept(...escalated(negotiation, 'silent')) : accept();
    case 'absent':
      return arbitration?.stage === command.stage ? accept(...escalated(negotiation, 'absent')) : accept();
    case 'called':
      if (arbitration?.stage !== command.stage) return accept();
      return accept({ ...command, type: 'negotiation.called' });
  }
}

/** Decides a command on a negotiation. Pure; at most one outcome, and every way leads to one or to the CEO. */
export function decideNegotiation(
  state: Conversation,
  command: NegotiationCommand,
  context: DecideContext,
): Decision<ConversationEvent> {
  if (command.type === 'propose') return propose(state, command, context);
  const negotiation = state.negotiations[command.negotiation];
  if (!negotiation) return refuse(noSuchNegotiation(command.negotiation));
  return 'message' in command && 'from' in command ? step(negotiation, command, context) : report(negotiation, command);
}
