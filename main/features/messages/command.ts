import type { MessageKind, Priority, Sensitivity } from '#protocol/model/conversation/event.ts';
import type { Binding } from '#protocol/model/conversation/negotiation-event.ts';

/** Sends a message. */
export interface SendCommand {
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
  readonly address?: string;
  readonly priority?: Priority;
  readonly sensitivity?: Sensitivity;
  readonly negotiation?: string | null;
  /** Hops behind the sender already: it was woken for a message at the end of so long a chain. */
  readonly hopsBefore?: number;
}

/** Opens a negotiation with its first proposal. */
export interface ProposeCommand {
  readonly type: 'propose';
  readonly negotiation: string;
  readonly message: string;
  readonly goal: string;
  readonly from: string;
  /** The others; agents' ids. */
  readonly to: readonly string[];
  readonly address: string;
  readonly subject: string;
  readonly text: string;
  readonly binds: Binding;
  readonly deadline: number;
  /** Agents that may rule, in order; the CEO comes after them by itself. */
  readonly arbiters: readonly string[];
  readonly hopsBefore: number;
}

/** A step of a negotiation; who takes it is known by its run token. */
export type NegotiationStep = { readonly negotiation: string; readonly message: string; readonly from: string } & (
  | { readonly type: 'counter'; readonly version: number; readonly text: string }
  | { readonly type: 'accept'; readonly version: number; readonly text: string }
  | { readonly type: 'reject'; readonly version: number; readonly text: string }
  | { readonly type: 'withdraw'; readonly text: string }
  /** An arbiter's word: a version that stands, or a text of its own. */
  | { readonly type: 'rule'; readonly version: number | null; readonly text: string }
);

/** What the orchestrator itself says of a negotiation. */
export type NegotiationReport = {
  readonly negotiation: string;
} /** `stage` 0 is the deadline of the parties, later ones those of the arbiters. */ & (
  | { readonly type: 'overdue'; readonly stage: number }
  /** It was somebody's turn, who was woken for it and said nothing. */
  | { readonly type: 'silent'; readonly by: string }
  | { readonly type: 'absent'; readonly stage: number }
  | {
      readonly type: 'called';
      readonly stage: number;
      readonly until: number | null;
      readonly message: string | null;
    }
);

/** Everything that can be asked about a negotiation. */
export type NegotiationCommand = ProposeCommand | NegotiationStep | NegotiationReport;

/** Everything that can be asked of a conversation. */
export type ConversationCommand =
  | SendCommand
  | NegotiationCommand
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
