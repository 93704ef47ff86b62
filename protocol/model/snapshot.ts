import type { Snapshot } from '../contract/feed.ts';
import { emptyBudgets } from './budget/state.ts';

/** What a page is told of a data folder in which nothing has happened. */
export const emptySnapshot = (): Snapshot => ({
  sequence: 0,
  epoch: 0,
  goals: [],
  conversations: [],
  budgets: emptyBudgets(),
  projects: [],
  layouts: [],
  decisions: [],
  live: [],
  texts: {},
});
