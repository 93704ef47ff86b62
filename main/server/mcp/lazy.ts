import type { IncomingMessage, ServerResponse } from 'node:http';
import type { createMcpEndpoint } from './endpoint.ts';

/** The MCP endpoint, whose libraries are loaded when they are first needed. */
export interface LazyMcp {
  /** See `createMcpEndpoint`; the first request waits for the loading. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Loads them ahead of the first request. */
  load(): Promise<unknown>;
}

/** See {@link LazyMcp}. */
export function lazyMcpEndpoint(parts: Parameters<typeof createMcpEndpoint>[0]): LazyMcp {
  let loading: Promise<ReturnType<typeof createMcpEndpoint>> | undefined;
  const load = () => {
    loading ??= import('./endpoint.ts').then((loaded) => loaded.createMcpEndpoint(parts));
    return loading;
  };
  return {
    load,
    async handle(request, response) {
      await (await load())(request, response);
    },
  };
}
