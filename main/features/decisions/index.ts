export type { Recorded } from './decide.ts';
export { createDecisions, type DecisionService, type ReadableDecision } from './service.ts';
export { decisionLine } from './words.ts';
