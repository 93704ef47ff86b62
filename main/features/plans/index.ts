export { type PlanNode, planNode, proposedOf, type WhoIs } from './node.ts';
