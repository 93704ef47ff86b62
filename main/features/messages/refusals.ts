import { latestOf, type Negotiation, owes } from '#protocol/model/conversation/negotiation.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Why a party may not answer this version now, or null. */
export function notNow(negotiation: Negotiation, command: { from: string; version: number }): Fault | null {
  const latest = latestOf(negotiation);
  if (!negotiation.parties.includes(command.from))
    return faultOf('not-a-party', 'This is not yours to answer.', 'You are no party of it.', 'Leave it to them.');
  if (negotiation.arbitration)
    return faultOf(
      'with-arbiter',
      'The negotiation is with its arbiter.',
      'The parties did not agree in time.',
      'Go on with other work; the outcome reaches you as a message.',
    );
  if (latest?.version !== command.version)
    return faultOf(
      'superseded-proposal',
      `Version ${command.version} is not on the table.`,
      `Version ${latest?.version ?? 0} is the latest.`,
      'Use read_messages to read it, then respond to that version.',
    );
  if (!owes(negotiation, command.from))
    return faultOf(
      'not-your-turn',
      'You stand by this version already.',
      'The others have to answer it.',
      'Wait for them. Whoever opened the negotiation may withdraw it.',
    );
  return null;
}

/** Only agents negotiate, and not with themselves. */
export const NOBODY_TO_AGREE: Fault = faultOf(
  'nobody-to-agree',
  'There is nobody to agree with.',
  'A negotiation needs another agent; the CEO decides and does not negotiate.',
  'Name another agent or role, or use ask_ceo.',
);

/** A chain of replies or wake-ups that is too long. */
export function inCircles(replies: number): Fault {
  return faultOf(
    'too-many-replies',
    'This exchange goes round in circles.',
    `It has ${replies} replies.`,
    'Decide with what you know, or use ask_ceo.',
  );
}

/** Only whoever opened a negotiation withdraws it, and only before it is with an arbiter. */
export function notToWithdraw({ arbitration }: Negotiation): Fault {
  return faultOf(
    'not-yours-to-withdraw',
    'You cannot withdraw this.',
    arbitration ? 'It is with its arbiter.' : 'Another agent opened it.',
    'Accept, counter or reject what is on the table, or wait for the outcome.',
  );
}

/** Somebody rules who is not asked to. */
export function notTheArbiter({ arbitration }: Negotiation): Fault {
  return faultOf(
    'not-the-arbiter',
    'You do not rule on this.',
    arbitration ? 'Somebody else is the arbiter now.' : 'The parties are still at it.',
    'Parties use accept, counter or reject.',
  );
}

/** A ruling for a version that does not exist. */
export function noSuchVersion({ proposals }: Negotiation, version: number): Fault {
  return faultOf(
    'no-such-version',
    `There is no version ${version}.`,
    `It has ${proposals.length}.`,
    'Name one of these, or write a text of your own.',
  );
}

/** What has ended stays as it is. */
export function isOver({ outcome, version }: NonNullable<Negotiation['ended']>): Fault {
  return faultOf(
    'negotiation-over',
    'This negotiation is over.',
    `It was ${outcome}${version === null ? '' : ` with version ${version}`}.`,
    'Use list_decisions for what holds; open a new one with propose if it must change.',
  );
}

/** No negotiation has this id, for whoever asks. */
export function noSuchNegotiation(id: string): Fault {
  return faultOf(
    'no-such-negotiation',
    `There is no negotiation ${id.slice(0, 60)}.`,
    'It is not one of yours.',
    'Use read_messages for what you were asked.',
  );
}
