import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyRouter } from '@orpc/server';
import type { Served } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type Access, createAccess } from './access.ts';
import { denialOf, type RouteAccess } from './allowed.ts';
import { type Answer, json, NOT_FOUND, send } from './answer.ts';
import { type DoorRoutes, loginRoutes } from './login.ts';
import { pagesIn } from './pages.ts';
import { readRemembered, rememberIn } from './remembered.ts';
import type { RpcSockets } from './rpc-socket.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';

/** What the door itself needs: no orchestrator. */
export interface DoorParts {
  /** The data folder, where `server.json` is written. */
  readonly home: string;
  /** Folder of the built page; null serves none. */
  readonly renderer: string | null;
  readonly version: string;
  readonly now: () => number;
  /** This start's number, for `server.json`. */
  readonly epoch?: number;
}

/** What answers that the door cannot: everything of the orchestrator. Who comes was let in already. */
export interface Behind {
  readonly router: AnyRouter;
  /** What a page shows first: a snapshot, which costs it no way over its socket. */
  snapshot(): Promise<Answer>;
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/**
 * The page, logging in and the one address of an orchestrator. It can stand before the orchestrator does: whoever is
 * let in then waits behind it.
 */
export interface Door {
  readonly access: Access;
  port(): number;
  /** Where it listens. */
  served(): Served;
  /** Fails with `port-in-use` or `cannot-listen`. `port` 0 takes the one served last, if it is free, else any. */
  listen(port: number): Promise<Result<Served, Fault>>;
  /** Resolves once the page was asked for. */
  readonly visited: Promise<void>;
  wasVisited(): boolean;
  /** Resolves once a page connects: it has drawn what it was shown first. */
  readonly connected: Promise<void>;
  /** Who is let in is told this snapshot, as JSON, until the orchestrator stands behind the door. */
  showFirst(snapshot: string): void;
  /** Lets through whoever waits and whoever comes. */
  open(behind: Behind): void;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const HEADERS_WITHIN_MS = 5_000;
const KEEP_ALIVE_MS = 72_000;
const MOST_CONNECTIONS = 500;

/** Paths of the orchestrator, and who may use them: checked before anybody waits, and by each route once more. */
const BEHIND: ReadonlyArray<readonly [RegExp, RouteAccess]> = [
  [/^\/api\//, 'operator'],
  [/^\/(readyz|rpc)$/, 'operator'],
  [/^\/mcp$/, 'run'],
];

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden' };

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listenFault(error: unknown, port: number): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE')
    return faultOf(
      'port-in-use',
      `Port ${port} is taken.`,
      'Another program listens on it.',
      'Choose another port with --port, or none for a free one.',
    );
  return faultOf(
    'cannot-listen',
    `The server cannot listen on port ${port}.`,
    code || String(error),
    'Choose another port with --port.',
  );
}

function newServer(): Server {
  const server = createServer({
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16_384,
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function listenOn(server: Server, port: number): Promise<Result<void, Fault>> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve(err(listenFault(error, port)));
    server.once('error', failed);
    server.listen({ host: LOOPBACK, port }, () => {
      server.off('error', failed);
      resolve(ok(undefined));
    });
  });
}

/** Makes the door; nothing listens before `listen`. */
export function createDoor(parts: DoorParts): Door {
  const before = readRemembered(parts.home);
  const remember = rememberIn(parts.home);
  let remembered: Promise<void> = Promise.resolve();
  const access = createAccess(parts.now, before.sessions, (sessions) => {
    remembered = remember({ port: port(), sessions: sessions.map(([digest, at]) => [digest, at]) });
  });
  const server = newServer();
  let came = false;
  const visited = Promise.withResolvers<void>();
  const connected = Promise.withResolvers<void>();
  let first: string | null = null;
  const behind = Promise.withResolvers<Behind>();
  // Closed before anybody opened it: who waits is cut off with the connection.
  behind.promise.catch(() => undefined);
  const port = () => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const origin = () => `http://${LOOPBACK}:${port()}`;
  const oneTimeLink = () => `${origin()}/login#${access.newCode()}`;
  const served = (): Served => ({ origin: origin(), token: access.token, oneTimeLink });
  const routes: DoorRoutes = {
    ...loginRoutes(access, { port, link: oneTimeLink, version: parts.version, first: () => first }),
    '/api/first-snapshot': { access: 'operator', answer: async () => (await behind.promise).snapshot() },
  };
  const pages = pagesIn(parts.renderer);

  let sockets: Promise<RpcSockets> | undefined;
  // Loaded when the first comes; its router comes with the orchestrator.
  const socketsHere = () => {
    const router = behind.promise.then((open) => open.router);
    sockets ??= import('./rpc-socket.ts').then(({ createRpcSockets }) => createRpcSockets(router, parts.now));
    return sockets;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?');
    const { method = 'GET' } = request;
    const own = method === 'POST' && Object.hasOwn(routes, path) ? routes[path] : undefined;
    const needed = own?.access ?? BEHIND.find(([each]) => each.test(path))?.[1] ?? 'public';
    const denied = denialOf(request, needed, access, port());
    if (denied) return send(request, response, json(denied.status, { fault: denied.fault }));
    if (own) return send(request, response, await own.answer(request));
    if (needed !== 'public') return (await behind.promise).handle(request, response);
    if (method !== 'GET' && method !== 'HEAD') return send(request, response, json(404, { fault: NOT_FOUND }));
    send(request, response, path === '/healthz' ? json(200, { ok: true }) : pages(path));
    came = true;
    visited.resolve();
  }

  /** Everything is checked before the handshake is answered: path, Host, Origin, credentials. */
  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    if (request.url !== '/rpc') return refuseUpgrade(socket, '404 Not Found');
    const denied = denialOf(request, 'operator', access, port());
    if (denied) return refuseUpgrade(socket, `${denied.status} ${REASONS[denied.status] ?? 'Forbidden'}`);
    connected.resolve();
    const { accept } = await socketsHere();
    if (!socket.destroyed) accept(request, socket, head);
  }

  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    upgrade(request, socket, head).catch(() => socket.destroy());
  });

  return {
    access,
    port,
    served,
    visited: visited.promise,
    wasVisited: () => came,
    connected: connected.promise,
    showFirst(snapshot) {
      first = snapshot;
    },
    open(opened) {
      // From now on things happen.
      first = null;
      behind.resolve(opened);
    },
    async listen(wanted) {
      // A page that is open finds the next start where it left the last one.
      const again = wanted === 0 && before.port !== 0 ? await listenOn(server, before.port) : null;
      const listening = again?.ok === true ? again : await listenOn(server, wanted);
      if (!listening.ok) return listening;
      const epoch = parts.epoch === undefined ? {} : { epoch: parts.epoch };
      await writeServerFile(parts.home, {
        origin: origin(),
        token: access.token,
        pid: process.pid,
        ...epoch,
        startedAt: parts.now(),
      });
      return ok(served());
    },
    async close() {
      behind.reject(new Error('the door was closed'));
      if (!server.listening) return;
      await removeServerFile(parts.home, access.token);
      (await sockets)?.close();
      await behind.promise.then(({ close }) => close()).catch(() => undefined);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      // Whoever logged in a moment ago is to be known to the next start.
      await remembered;
    },
  };
}
