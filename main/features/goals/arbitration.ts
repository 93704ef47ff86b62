import type { Item } from '#protocol/model/goal/state.ts';
import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';

function aboutIt(draft: Draft, negotiation: string): Item[] {
  return Object.values(draft.goal.items).filter((item) => item.about === negotiation);
}

/** A negotiation that no agent could decide comes to the CEO, once. */
export function arbitrate(draft: Draft, command: Extract<GoalCommand, { type: 'arbitrate' }>): void {
  if (aboutIt(draft, command.negotiation).length > 0) return;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'arbitration',
    task: null,
    attempt: null,
    title: draft.context.keep(command.title),
    detail: draft.text(command.detail),
    about: command.negotiation,
  });
  waitForCeo(draft, command.negotiation);
}

/** Whoever waits for its outcome waits for the CEO now, and says so. */
function waitForCeo(draft: Draft, negotiation: string): void {
  for (const { id, status, wait } of Object.values(draft.goal.attempts)) {
    if (status !== 'waiting' || wait?.cause !== 'answer' || !wait.on?.startsWith(`${negotiation}/`)) continue;
    const { since: _, detail, ...rest } = wait;
    draft.emit({ type: 'attempt.waits', attempt: id, wait: { ...rest, owner: 'ceo' }, detail });
  }
}

/** What the CEO was asked about a negotiation is not open any more. */
export function arbitrationOver(draft: Draft, negotiation: string): void {
  for (const item of aboutIt(draft, negotiation)) {
    if (item.closed) continue;
    draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by: 'system', about: negotiation });
  }
}

/** The CEO's ruling: a proposal by its version, or words of the CEO's own. What follows is the negotiation's. */
export function ruleOn(draft: Draft, item: Item, command: Extract<GoalCommand, { type: 'answer' }>): void {
  if (command.answer === 'reply' && command.text.trim() === '')
    refuseWith(
      'empty-ruling',
      'Nothing was chosen.',
      'A ruling names a proposal or has words.',
      'Choose one, or write.',
    );
  const { id, about } = item;
  const text = draft.text(command.text);
  draft.emit({
    type: 'item.closed',
    item: id,
    answer: command.answer,
    text,
    by: command.by,
    ...(about === undefined ? {} : { about }),
  });
}
