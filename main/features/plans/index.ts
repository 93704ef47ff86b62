export { differenceOf } from './difference.ts';
export { type PlanFiles, performPlanFiles } from './effects.ts';
export { planPath, writePlan } from './file.ts';
export { intentOf } from './intent.ts';
export { planNode, proposedOf } from './node.ts';
export { findTemplate, listTemplates, nodesFor } from './template.ts';
export { textIdsOf } from './texts.ts';
export { whoIsIn } from './who.ts';
