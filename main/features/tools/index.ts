import { fetchArtifact, shareArtifact } from './artifact-tools.ts';
import type { Tool } from './context.ts';
import { claimFiles } from './lease-tools.ts';
import { ask, readMessages, sendMessage } from './message-tools.ts';
import { listDecisions, propose, respond } from './negotiation-tools.ts';
import { readPlan, revisePlan } from './plan-tools.ts';
import { askPredecessor } from './predecessor-tool.ts';
import { askCeo, completeTask, delegateTask, listAgents, proposePlan, reportProgress, review } from './task-tools.ts';
import { whyWaiting } from './why-tool.ts';

export { resolveAddress } from './addresses.ts';
export type { Caller, Picture, Tool, ToolCall, ToolWorld } from './context.ts';
export { openAsk } from './message-tools.ts';
export { openProposal, openResponse } from './negotiation-tools.ts';
export { recordRefusal } from './refusals.ts';

/** How agents act on AIOS: the same tools for every driver. */
export const TOOLS: readonly Tool[] = [
  listAgents,
  sendMessage,
  ask,
  readMessages,
  propose,
  respond,
  listDecisions,
  delegateTask,
  proposePlan,
  readPlan,
  revisePlan,
  reportProgress,
  completeTask,
  review,
  claimFiles,
  shareArtifact,
  fetchArtifact,
  askCeo,
  askPredecessor,
  whyWaiting,
];

/** Tools that end the turn and are replayed when their answer is there, unless the call says `wait: false`. */
export const DEFERRED_TOOLS: readonly string[] = ['ask', 'ask_ceo', 'propose'];

/** Tools that do so only when the call says `wait: true`. */
export const WAITABLE_TOOLS: readonly string[] = ['respond'];
