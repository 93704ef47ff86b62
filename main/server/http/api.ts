import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { AnyRouter } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { FastifyInstance } from 'fastify';
import { contract } from '#protocol/contract/index.ts';

const METHODS = ['GET', 'POST'];
const LONGEST_QUERY = 16_384;

/** The OpenAPI description of the contract. */
async function describe(version: string): Promise<unknown> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: { title: 'AIOS', version },
    servers: [{ url: '/api' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  });
}

/** The contract as plain HTTP, for scripts, with its description at `/api/openapi.json`. */
export function addApi(app: FastifyInstance, router: AnyRouter, version: string): void {
  const handler = new OpenAPIHandler(router);
  let description: Promise<unknown> | undefined;
  app.get('/api/openapi.json', { config: { access: 'operator' } }, async () => {
    description ??= describe(version);
    return description;
  });
  app.route({
    method: METHODS,
    url: '/api/*',
    config: { access: 'operator' },
    handler: async (request, reply) => {
      if (request.url.length > LONGEST_QUERY) return reply.code(414).send();
      const { matched } = await handler.handle(request, reply, { prefix: '/api' });
      if (!matched) reply.callNotFound();
      return reply;
    },
  });
}
