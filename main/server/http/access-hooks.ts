import type { FastifyInstance } from 'fastify';
import type { Access } from './access.ts';
import { denialOf, type RouteAccess } from './allowed.ts';
import { SECURITY_HEADERS } from './headers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
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
    // Unknown paths have no route and no secret: they are answered 404.
    const denied = denialOf(request.raw, request.routeOptions.config.access ?? 'public', secrets, port());
    if (denied) return reply.code(denied.status).send({ fault: denied.fault });
  });
}
