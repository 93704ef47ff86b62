import type { AgentEvent } from '#protocol/agent/event.ts';

/** Tokens that any model's context has at least, and the part of it a session may fill. */
const USUAL_CONTEXT_TOKENS = 200_000;
const PART = 0.8;

/** Tokens a session may grow to before a fresh one succeeds it. */
export const CONTEXT_TOKENS = USUAL_CONTEXT_TOKENS * PART;

/** Notices that a session has nearly filled its model's context. */
export interface ContextWatch {
  heard(event: AgentEvent): void;
  /** Whether it is full; the next run is then a successor's. */
  readonly full: () => boolean;
}

/** Calls `onFull` once, between two model calls: when no tool call of the turn is under way any more. */
export function watchContext(limit: number, onFull: () => void): ContextWatch {
  const open = new Set<string>();
  let tokens = 0;
  let told = false;
  return {
    heard(event) {
      if (event.type === 'usage' && event.context !== undefined) tokens = event.context;
      if (event.type === 'tool-call') open.add(event.toolUseId);
      if (event.type !== 'tool-result') return;
      open.delete(event.toolUseId);
      if (told || open.size > 0 || tokens < limit) return;
      told = true;
      onFull();
    },
    full: () => tokens >= limit,
  };
}
