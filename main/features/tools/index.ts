import { fetchArtifact, shareArtifact } from './artifact-tools.ts';
import type { Tool } from './context.ts';
import { ask, readMessages, sendMessage } from './message-tools.ts';
import { askCeo, completeTask, delegateTask, listAgents, proposePlan, reportProgress, review } from './task-tools.ts';
import { whyWaiting } from './why-tool.ts';

export { resolveAddress } from './addresses.ts';
export type { Caller, Tool, ToolCall, ToolWorld } from './context.ts';
export { openAsk } from './message-tools.ts';
export { recordRefusal } from './refusals.ts';

/** How agents act on AIOS: the same tools for every driver. */
export const TOOLS: readonly Tool[] = [
  listAgents,
  sendMessage,
  ask,
  readMessages,
  delegateTask,
  proposePlan,
  reportProgress,
  completeTask,
  review,
  shareArtifact,
  fetchArtifact,
  askCeo,
  whyWaiting,
];

/** Tools that end the turn and are replayed when their answer is there. */
export const DEFERRED_TOOLS: readonly string[] = ['ask', 'ask_ceo'];
