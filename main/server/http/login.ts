import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { faultOf } from '#protocol/model/fault.ts';
import type { Access } from './access.ts';

const loginBody = z.strictObject({ code: z.string().min(1).max(200) });

const WRONG_CODE = faultOf(
  'login-refused',
  'The link does not work.',
  'It was used already, is older than five minutes, or was not copied whole.',
  'Run `aios open` for a new one.',
);

function setCookie(reply: FastifyReply, name: string, value: string): void {
  reply.header('set-cookie', `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`);
}

/** How a browser gets in: a code from the link's fragment, traded for a cookie no script can read. */
export function addLogin(
  app: FastifyInstance,
  access: Access,
  port: () => number,
  link: () => string,
  version: string,
): void {
  app.post('/api/login', { config: { access: 'login' } }, async (request, reply) => {
    const body = loginBody.safeParse(request.body);
    const session = body.success ? access.redeem(body.data.code) : null;
    if (session === null) return reply.code(401).send({ fault: WRONG_CODE });
    setCookie(reply, access.cookieName(port()), session);
    return { ok: true };
  });
  app.post('/api/session', { config: { access: 'operator' } }, async () => ({ ok: true, version }));
  app.post('/api/login-link', { config: { access: 'bearer' } }, async () => ({ link: link() }));
}
