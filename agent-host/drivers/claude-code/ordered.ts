import type { AgentEvent } from '#protocol/agent/event.ts';

/** Puts a run's events in the order every reader expects. */
export interface OrderedEvents {
  emit(event: AgentEvent): void;
  /** No `started` will come any more: what was held back is told as it is. */
  release(): void;
}

/**
 * Holds events back until `started`, because a resumed session performs its deferred call before it says what it
 * loaded, and leaves out usage that says nothing new.
 */
export function ordered(emit: (event: AgentEvent) => void): OrderedEvents {
  let held: AgentEvent[] | undefined = [];
  let usage = JSON.stringify({ input: 0, output: 0, cacheWrite: 0, cacheRead: 0 });
  const release = (): void => {
    const waiting = held ?? [];
    held = undefined;
    waiting.forEach(emit);
  };
  const isNews = (event: AgentEvent): boolean => {
    if (event.type !== 'usage') return true;
    const before = usage;
    usage = JSON.stringify(event.usage);
    return usage !== before;
  };
  return {
    emit(event) {
      if (!isNews(event)) return;
      if (event.type === 'started') emit(event);
      if (event.type === 'started') release();
      else if (held) held.push(event);
      else emit(event);
    },
    release,
  };
}
