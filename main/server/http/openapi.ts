import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { AnyRouter } from '@orpc/server';
import { experimental_ZodSmartCoercionPlugin as SmartCoercion, ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contract } from '#protocol/contract/index.ts';

/** The contract as plain HTTP, and its description. */
export interface OpenApi {
  /** Answers a request below `/api`; false when nothing of the contract is meant. */
  handle(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  describe(): Promise<unknown>;
}

/** See {@link OpenApi}. What comes as text in an address (numbers, booleans) is read as the contract says. */
export function createOpenApi(router: AnyRouter, version: string): OpenApi {
  const handler = new OpenAPIHandler(router, { plugins: [new SmartCoercion()] });
  let description: Promise<unknown> | undefined;
  return {
    async handle(request, reply) {
      const { matched } = await handler.handle(request, reply, { prefix: '/api' });
      return matched;
    },
    describe() {
      description ??= new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
        info: { title: 'AIOS', version },
        servers: [{ url: '/api' }],
        security: [{ bearer: [] }],
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      });
      return description;
    },
  };
}
