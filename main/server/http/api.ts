import type { AnyRouter } from '@orpc/server';
import type { FastifyInstance } from 'fastify';
import type { OpenApi } from './openapi.ts';

const METHODS = ['GET', 'POST'];
const LONGEST_QUERY = 16_384;

/** The contract as plain HTTP, for scripts, with its description at `/api/openapi.json`. */
export function addApi(app: FastifyInstance, router: AnyRouter, version: string): void {
  let loading: Promise<OpenApi> | undefined;
  // Loaded when a script first asks: the page does not, and should not wait for it.
  const api = () => {
    loading ??= import('./openapi.ts').then(({ createOpenApi }) => createOpenApi(router, version));
    return loading;
  };
  app.get('/api/openapi.json', { config: { access: 'operator' } }, async () => (await api()).describe());
  app.route({
    method: METHODS,
    url: '/api/*',
    config: { access: 'operator' },
    handler: async (request, reply) => {
      if (request.url.length > LONGEST_QUERY) return reply.code(414).send();
      if (!(await (await api()).handle(request, reply))) reply.callNotFound();
      return reply;
    },
  });
}
