/** Handoffs: what a successor starts from, what it may ask of its predecessor, and what is kept to go on elsewhere. */
export { tokensOf } from './budget.ts';
export type { PacketSource } from './collect.ts';
export { type HandoffParts, handOver } from './effect.ts';
export { createSaves } from './saves.ts';
