import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Served } from '#main/index.ts';
import type { Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { json } from './answer.ts';
import { createDoor, type Door, type DoorParts } from './door.ts';
import type { Rest } from './rest.ts';
import { createRouter } from './router.ts';

/** What stands behind a door. */
export interface BehindParts {
  readonly operations: Operations;
  /** Answers `POST /mcp`; checks the run's own token itself. */
  readonly mcp: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly version: string;
}

/** What the HTTP server serves, and where. */
export interface HttpServerParts extends DoorParts, BehindParts {}

/** The server of one orchestrator: page, RPC, OpenAPI and MCP, on loopback only. */
export interface HttpServer {
  /** See {@link Door}. */
  listen(port: number): Promise<Result<Served, Fault>>;
  close(): Promise<void>;
}

/** Puts an orchestrator behind a door that stands already. */
export function serveBehind(door: Door, parts: BehindParts): void {
  const router = createRouter(parts.operations);
  let loading: Promise<Rest> | undefined;
  // Loaded when it is first asked for: the page does not, and should not wait for it.
  const rest = () => {
    loading ??= import('./rest.ts').then(({ createRest }) => createRest(parts, router, door.access, door.port));
    return loading;
  };
  door.open({
    router,
    async snapshot() {
      const found = await parts.operations.feed.snapshot(undefined, undefined);
      return found.ok ? json(200, found.value) : json(503, { fault: found.error });
    },
    handle(request, response) {
      rest().then(
        ({ handle }) => handle(request, response),
        () => response.destroy(),
      );
    },
    async close() {
      await (await loading)?.close();
    },
  });
}

/** Makes the server; nothing listens before `listen`. */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  const door = createDoor(parts);
  return {
    async listen(port) {
      const served = await door.listen(port);
      if (served.ok) serveBehind(door, parts);
      return served;
    },
    close: door.close,
  };
}
