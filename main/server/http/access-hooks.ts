import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Access } from './access.ts';
import { isOwnOrigin, refusalOf } from './guard.ts';
import { SECURITY_HEADERS } from './headers.ts';

/**
 * Who may use a route. `public`: anybody on this machine; nothing secret. `login`: a page of ours that has a code.
 * `operator`: the bearer token or a logged-in page. `bearer`: the token only. `run`: an agent's own token, which the
 * route checks itself.
 */
export type RouteAccess = 'public' | 'login' | 'operator' | 'bearer' | 'run';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
}

const NOT_ALLOWED = 'Open the link that `aios open` prints, or send the token of server.json as a bearer token.';

function deny(reply: FastifyReply, status: number, fault: Fault): FastifyReply {
  return reply.code(status).send({ fault });
}

function denied(
  request: FastifyRequest,
  access: RouteAccess,
  secrets: Access,
  port: number,
): { status: number; why: string } | null {
  const { origin } = request.headers;
  const own = origin !== undefined && isOwnOrigin(origin, port);
  if (access === 'public') return null;
  if (access === 'login') return own ? null : { status: 403, why: 'Logging in is for the page itself.' };
  if (access === 'run') return origin === undefined ? null : { status: 403, why: 'Pages may not call this.' };
  const caller = secrets.callerOf(request.raw, own);
  if (caller === 'bearer' || (caller === 'session' && access === 'operator')) return null;
  return { status: 401, why: 'The token is missing or wrong.' };
}

/**
 * Checks every request before its body is read: Host, Origin, then what the route asks for. A route that does not say
 * who may use it cannot be registered.
 */
export function addAccessHooks(app: FastifyInstance, secrets: Access, port: () => number): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`route ${route.url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const refusal = refusalOf(request.raw, port());
    if (refusal)
      return deny(reply, refusal.status, faultOf('not-allowed', 'The request was refused.', refusal.why, NOT_ALLOWED));
    // Unknown paths have no route and no secret: they are answered 404.
    const reason = denied(request, request.routeOptions.config.access ?? 'public', secrets, port());
    if (reason)
      return deny(reply, reason.status, faultOf('not-allowed', 'The request was refused.', reason.why, NOT_ALLOWED));
  });
}
