import type { Area } from '#main/engine/area.ts';
import { type BudgetEvent, budgetEvent } from '#protocol/model/budget/event.ts';
import { type Budgets, emptyBudgets, evolveBudgets } from '#protocol/model/budget/state.ts';
import { type BudgetCommand, decideBudget } from './decide.ts';

/** The stream `budget/tree`. */
export const budgetArea: Area<Budgets, BudgetCommand, BudgetEvent> = {
  kind: 'budget',
  shape: 1,
  initial: emptyBudgets,
  decide: decideBudget,
  evolve: (budgets, event, meta) => evolveBudgets(budgets, event, meta.epoch),
  order: () => null,
  decode: (type, data) => budgetEvent.parse({ type, ...(data as object) }),
};
