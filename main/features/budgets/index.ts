export { type BudgetService, createBudgets, nodeOf } from './service.ts';
