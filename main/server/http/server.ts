import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Served } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type Access, createAccess } from './access.ts';
import { addAccessHooks } from './access-hooks.ts';
import { addApi } from './api.ts';
import { isOwnOrigin, refusalOf } from './guard.ts';
import { parseGuarded } from './json-guard.ts';
import { addLogin } from './login.ts';
import { addPages } from './pages.ts';
import { readRemembered, rememberIn } from './remembered.ts';
import { createRouter } from './router.ts';
import { createRpcSockets, FRAME_LIMIT, type RpcSockets } from './rpc-socket.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';

/** What the HTTP server serves, and where. */
export interface HttpServerParts {
  readonly operations: Operations;
  /** Answers `POST /mcp`; checks the run's own token itself. */
  readonly mcp: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The data folder, where `server.json` is written. */
  readonly home: string;
  /** Folder of the built page; null serves none. */
  readonly renderer: string | null;
  readonly version: string;
  readonly now: () => number;
  /** This start's number, for `server.json`. */
  readonly epoch?: number;
}

/** The server of one orchestrator: page, RPC, OpenAPI and MCP, on loopback only. */
export interface HttpServer {
  /** Fails with `port-in-use` or `cannot-listen`. `port` 0 takes the one served last, if it is free, else any. */
  listen(port: number): Promise<Result<Served, Fault>>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const HEADERS_WITHIN_MS = 5_000;
const MOST_CONNECTIONS = 500;

function newApp(): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: FRAME_LIMIT,
    forceCloseConnections: true,
    http: { headersTimeout: HEADERS_WITHIN_MS, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => {
    const parsed = text === '' ? ok(undefined) : parseGuarded(String(text));
    if (parsed.ok) done(null, parsed.value);
    else done(Object.assign(new Error(parsed.error.why), { statusCode: 400, fault: parsed.error }));
  });
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .send({ fault: faultOf('not-found', 'There is nothing here.', 'The address is not one of ours.', 'Check it.') }),
  );
  app.setErrorHandler((error: FastifyError & { fault?: Fault }, _, reply) => {
    const status = error.statusCode ?? 500;
    const why = status < 500 ? error.message : 'An error inside AIOS; the log has it.';
    return reply
      .code(status)
      .send({ fault: error.fault ?? faultOf('request-failed', 'The request failed.', why, 'Try again.') });
  });
  return app;
}

function addHealth(app: FastifyInstance, operations: Operations): void {
  app.get('/healthz', { config: { access: 'public' } }, async () => ({ ok: true }));
  app.get('/readyz', { config: { access: 'operator' } }, async (_, reply) => {
    const info = await operations.system.info(undefined, undefined);
    return info.ok ? { ready: true } : reply.code(503).send({ ready: false, fault: info.error });
  });
  app.get('/rpc', { config: { access: 'operator' } }, async (_, reply) => reply.code(426).send());
}

/** MCP reads the body itself, so this corner of the server parses nothing. */
async function addMcp(app: FastifyInstance, mcp: HttpServerParts['mcp']): Promise<void> {
  await app.register(async (corner) => {
    corner.removeAllContentTypeParsers();
    corner.addContentTypeParser('*', (_request, _payload, done) => done(null));
    corner.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/mcp',
      config: { access: 'run' },
      handler: async (request, reply) => {
        reply.hijack();
        await mcp(request.raw, reply.raw);
      },
    });
  });
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Everything is checked before the handshake is answered: path, Host, Origin, credentials. */
function addSockets(app: FastifyInstance, sockets: RpcSockets, access: Access, port: () => number): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== '/rpc') return refuseUpgrade(socket, '404 Not Found');
    const refusal = refusalOf(request, port());
    if (refusal) return refuseUpgrade(socket, refusal.status === 400 ? '400 Bad Request' : '403 Forbidden');
    const { origin } = request.headers;
    const caller = access.callerOf(request, origin !== undefined && isOwnOrigin(origin, port()));
    if (caller === null) return refuseUpgrade(socket, '401 Unauthorized');
    sockets.accept(request, socket, head);
  });
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

async function assemble(parts: HttpServerParts, access: Access, port: () => number, link: () => string) {
  const app = newApp();
  const router = createRouter(parts.operations);
  const sockets = createRpcSockets(router, parts.now);
  addAccessHooks(app, access, port);
  addHealth(app, parts.operations);
  addLogin(app, access, port, link, parts.version);
  addApi(app, router, parts.version);
  await addMcp(app, parts.mcp);
  await addPages(app, parts.renderer);
  addSockets(app, sockets, access, port);
  return { app, sockets };
}

/** Makes the server; nothing listens before `listen`. */
export function createHttpServer(parts: HttpServerParts): HttpServer {
  const before = readRemembered(parts.home);
  const remember = rememberIn(parts.home);
  let remembered: Promise<void> = Promise.resolve();
  const access = createAccess(parts.now, before.sessions, (sessions) => {
    remembered = remember({ port: port(), sessions: sessions.map(([digest, at]) => [digest, at]) });
  });
  let running: { app: FastifyInstance; sockets: RpcSockets } | undefined;
  const port = () => {
    const address = running?.app.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const origin = () => `http://${LOOPBACK}:${port()}`;
  const oneTimeLink = () => `${origin()}/login#${access.newCode()}`;
  const close = async () => {
    const closing = running;
    running = undefined;
    if (!closing) return;
    await removeServerFile(parts.home, access.token);
    closing.sockets.close();
    await closing.app.close();
    // Whoever logged in a moment ago is to be known to the next start.
    await remembered;
  };
  async function listenOn(wanted: number): Promise<Result<void, Fault>> {
    running = await assemble(parts, access, port, oneTimeLink);
    try {
      await running.app.listen({ host: LOOPBACK, port: wanted });
      return ok(undefined);
    } catch (error) {
      await close();
      return err(listenFault(error, wanted));
    }
  }
  return {
    async listen(wanted) {
      // A page that is open finds the next start where it left the last one.
      const again = wanted === 0 && before.port !== 0 ? await listenOn(before.port) : null;
      const listening = again?.ok === true ? again : await listenOn(wanted);
      if (!listening.ok) return listening;
      const epoch = parts.epoch === undefined ? {} : { epoch: parts.epoch };
      await writeServerFile(parts.home, {
        origin: origin(),
        token: access.token,
        pid: process.pid,
        ...epoch,
        startedAt: parts.now(),
      });
      return ok({ origin: origin(), token: access.token, oneTimeLink });
    },
    close,
  };
}
