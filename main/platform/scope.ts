/** Owner of a lifetime: what is deferred runs in reverse order when the scope closes, once. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Registers a cleanup. When the scope is already closed, it runs at once. */
  defer(cleanup: () => void | Promise<void>): void;
  /** Aborts the signal and runs the cleanups in reverse; one failing cleanup does not stop the others. */
  close(): Promise<void>;
}

/** Makes a scope. `onError` hears of cleanups that fail. */
export function createScope(onError: (error: unknown) => void): Scope {
  const controller = new AbortController();
  const cleanups: Array<() => void | Promise<void>> = [];
  let closing: Promise<void> | undefined;
  const attempt = async (cleanup: () => void | Promise<void>) => {
    try {
      await cleanup();
    } catch (error) {
      onError(error);
    }
  };
  const closeAll = async () => {
    controller.abort();
    for (let next = cleanups.pop(); next; next = cleanups.pop()) await attempt(next);
  };
  return {
    signal: controller.signal,
    defer(cleanup) {
      if (closing) void attempt(cleanup);
      else cleanups.push(cleanup);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
