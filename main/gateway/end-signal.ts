/** Says once that something is over. An AbortSignal does the same, and with its listeners costs a tenth of what a call may. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Calls back once, when it aborts; not where it has already. */
  onAbort(listener: () => void): void;
  offAbort(listener: () => void): void;
}

/** An {@link EndSignal} and the means to set it off. */
export interface EndSource extends EndSignal {
  abort(): void;
}

/** Makes a signal that has not been set off. */
export function createEndSource(): EndSource {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    get aborted() {
      return aborted;
    },
    onAbort: (listener) => void listeners.add(listener),
    offAbort: (listener) => void listeners.delete(listener),
    abort() {
      if (aborted) return;
      aborted = true;
      const told = [...listeners];
      listeners.clear();
      for (const listener of told) listener();
    },
  };
}
