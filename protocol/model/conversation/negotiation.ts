import type { PayloadRef } from '../payload.ts';
import type { Binding, EscalationCause, NegotiationEvent, NegotiationOutcome } from './negotiation-event.ts';

/** One version of what is proposed. */
export interface Proposal {
  /** Counts from 1 within its negotiation. */
  readonly version: number;
  readonly by: string;
  readonly text: PayloadRef;
  /** The message that brought it. */
  readonly message: string;
  readonly at: number;
  /** Parties that accepted exactly this version, whoever proposed it first. */
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

/** Parties who look for one text that all of them accept. */
export interface Negotiation {
  readonly id: string;
  readonly goal: string;
  readonly subject: PayloadRef;
  readonly by: string;
  readonly parties: readonly string[];
  readonly binds: Binding;
  readonly deadline: number;
  readonly rounds: number;
  readonly arbiters: readonly string[];
  readonly hops: number;
  readonly openedAt: number;
  readonly proposals: readonly Proposal[];
  /** Who rules now and why; null while the parties are at it. */
  readonly arbitration: {
    readonly stage: number;
    readonly arbiter: string;
    readonly cause: EscalationCause;
    readonly at: number;
    readonly until: number | null;
    /** The message that called the arbiter; null before that, and for the CEO. */
    readonly message: string | null;
  } | null;
  readonly ended: {
    readonly outcome: NegotiationOutcome;
    readonly by: string;
    readonly version: number | null;
    readonly text: PayloadRef | null;
    readonly at: number;
  } | null;
}

/** The version that is on the table. */
export function latestOf(negotiation: Negotiation): Proposal | undefined {
  return negotiation.proposals.at(-1);
}

/** Whether it is somebody's turn: a party that has not answered the latest version, or the arbiter that was called. */
export function owes(negotiation: Negotiation, agent: string): boolean {
  if (negotiation.ended) return false;
  if (negotiation.arbitration) return negotiation.arbitration.arbiter === agent;
  const latest = latestOf(negotiation);
  return negotiation.parties.includes(agent) && latest !== undefined && !latest.accepted.includes(agent);
}

/** The message that tells somebody that it is its turn. */
export function turnMessage(negotiation: Negotiation): string | null {
  return negotiation.arbitration ? negotiation.arbitration.message : (latestOf(negotiation)?.message ?? null);
}

/** What an agent waits on that waits for its turn, or for the end, of a negotiation. */
export function waitKey(negotiation: string, agent: string): string {
  return `${negotiation}/${agent}`;
}

/** The negotiation and the agent of a wait, or null when it is a wait for a message. */
export function readWaitKey(key: string): { readonly negotiation: string; readonly agent: string } | null {
  const slash = key.indexOf('/');
  return slash < 0 ? null : { negotiation: key.slice(0, slash), agent: key.slice(slash + 1) };
}

/** Negotiations of one conversation, by id. */
export type Negotiations = Readonly<Record<string, Negotiation>>;

function opened(event: Extract<NegotiationEvent, { type: 'negotiation.opened' }>, at: number): Negotiation {
  const { type: _, negotiation: id, ...rest } = event;
  return { ...rest, id, openedAt: at, proposals: [], arbitration: null, ended: null };
}

function voted(negotiation: Negotiation, version: number, change: (proposal: Proposal) => Partial<Proposal>) {
  const proposals = negotiation.proposals.map((each) =>
    each.version === version ? { ...each, ...change(each) } : each,
  );
  return { ...negotiation, proposals };
}

function next(negotiation: Negotiation, event: NegotiationEvent, at: number): Negotiation {
  switch (event.type) {
    case 'negotiation.opened':
      return negotiation;
    case 'negotiation.proposed': {
      const { version, by, text, message } = event;
      const proposal: Proposal = { version, by, text, message, at, accepted: [by], rejected: [] };
      return { ...negotiation, proposals: [...negotiation.proposals, proposal] };
    }
    case 'negotiation.accepted':
      return voted(negotiation, event.version, ({ accepted }) => ({ accepted: [...accepted, event.by] }));
    case 'negotiation.rejected':
      return voted(negotiation, event.version, ({ rejected }) => ({ rejected: [...rejected, event.by] }));
    case 'negotiation.escalated': {
      const { stage, to: arbiter, cause } = event;
      return { ...negotiation, arbitration: { stage, arbiter, cause, at, until: null, message: null } };
    }
    case 'negotiation.called': {
      const { arbitration } = negotiation;
      if (arbitration?.stage !== event.stage) return negotiation;
      return { ...negotiation, arbitration: { ...arbitration, until: event.until, message: event.message } };
    }
    case 'negotiation.ended': {
      const { outcome, by, version, text } = event;
      return { ...negotiation, ended: { outcome, by, version, text, at } };
    }
  }
}

/** The next state of a conversation's negotiations. Pure and total. */
export function evolveNegotiations(all: Negotiations, event: NegotiationEvent, at: number): Negotiations {
  const before = event.type === 'negotiation.opened' ? opened(event, at) : all[event.negotiation];
  return before ? { ...all, [before.id]: next(before, event, at) } : all;
}
