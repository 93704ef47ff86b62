export { type PlanFiles, performPlanFiles } from './effects.ts';
export { planPath } from './file.ts';
export { planNode, proposedOf } from './node.ts';
export { findTemplate, listTemplates, nodesFor } from './template.ts';
export { whoIsIn } from './who.ts';
