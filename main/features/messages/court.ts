import type { Negotiation } from '#protocol/model/conversation/negotiation.ts';

/** What negotiations need to know and do beyond their conversation; the runs feature provides it. */
export interface Court {
  /** Whether somebody can rule: `gone` when dismissed or unknown, `goal-over` when nobody of the goal acts any more. */
  standing(goal: string, agent: string): 'here' | 'gone' | 'goal-over';
  nameOf(goal: string, agent: string): string;
  /** Opens the inbox item that asks the CEO; once per negotiation. */
  askCeo(goal: string, negotiation: string, item: { readonly title: string; readonly detail: string }): Promise<void>;
  /** Closes what the CEO was asked about it, if that is still open. */
  close(goal: string, negotiation: string): Promise<void>;
  /** Keeps what was agreed or ruled; once per negotiation. */
  record(negotiation: Negotiation, texts: { readonly subject: string; readonly text: string }): Promise<void>;
}
