import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyRouter } from '@orpc/server';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { ok } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Access } from './access.ts';
import { addAccessHooks } from './access-hooks.ts';
import { NOT_FOUND } from './answer.ts';
import { addApi } from './api.ts';
import { parseGuarded } from './json-guard.ts';
import { FRAME_LIMIT } from './rpc-socket.ts';
import type { BehindParts } from './server.ts';

/** What the page does not ask for: the contract as plain HTTP, MCP, and whether the orchestrator is ready. */
export interface Rest {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

function newApp(): FastifyInstance {
  const app = Fastify({ logger: false, trustProxy: false, bodyLimit: FRAME_LIMIT });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => {
    const parsed = text === '' ? ok(undefined) : parseGuarded(String(text));
    if (parsed.ok) done(null, parsed.value);
    else done(Object.assign(new Error(parsed.error.why), { statusCode: 400, fault: parsed.error }));
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ fault: NOT_FOUND }));
  app.setErrorHandler((error: FastifyError & { fault?: Fault }, _, reply) => {
    const status = error.statusCode ?? 500;
    const why = status < 500 ? error.message : 'An error inside AIOS; the log has it.';
    return reply
      .code(status)
      .send({ fault: error.fault ?? faultOf('request-failed', 'The request failed.', why, 'Try again.') });
  });
  return app;
}

function addReadiness(app: FastifyInstance, { operations }: BehindParts): void {
  app.get('/readyz', { config: { access: 'operator' } }, async (_, reply) => {
    const info = await operations.system.info(undefined, undefined);
    return info.ok ? { ready: true } : reply.code(503).send({ ready: false, fault: info.error });
  });
  app.get('/rpc', { config: { access: 'operator' } }, async (_, reply) => reply.code(426).send());
}

/** MCP reads the body itself, so this corner of the server parses nothing. */
async function addMcp(app: FastifyInstance, mcp: BehindParts['mcp']): Promise<void> {
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

/** Builds it over the door's own connections; it listens nowhere itself. */
export async function createRest(
  parts: BehindParts,
  router: AnyRouter,
  access: Access,
  port: () => number,
): Promise<Rest> {
  const app = newApp();
  addAccessHooks(app, access, port);
  addReadiness(app, parts);
  addApi(app, router, parts.version);
  await addMcp(app, parts.mcp);
  await app.ready();
  return { handle: (request, response) => app.routing(request, response), close: () => app.close() };
}
