export { budgetArea } from './area.ts';
export { roomOf, tightest } from './decide.ts';
export { type BudgetService, createBudgets, nodeOf } from './service.ts';
