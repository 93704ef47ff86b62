import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { faultOf } from '#protocol/model/fault.ts';
import { contentSecurityPolicy } from './headers.ts';

const YEAR_S = 31_536_000;

const MISSING = faultOf(
  'page-missing',
  'The page is not built.',
  'There is no built renderer in this installation.',
  'Run `npm start`, which builds it, or use the command line.',
);

/** A path of the app itself, as opposed to a file: its last part has no extension. */
const isPage = (path: string) => !(path.split('/').at(-1) ?? '').includes('.');

/** Sends the page with a nonce of this answer alone, in its policy and where the page finds it. */
async function sendPage(reply: FastifyReply, file: string): Promise<FastifyReply> {
  const nonce = randomBytes(16).toString('base64url');
  const html = (await readFile(file, 'utf8')).replace('<head>', `<head><meta name="csp-nonce" content="${nonce}" />`);
  return reply
    .header('content-security-policy', contentSecurityPolicy(nonce))
    .type('text/html; charset=utf-8')
    .send(html);
}

/** Serves the built page. Every path without an extension is the app's; hashed files may be kept for ever. */
export async function addPages(app: FastifyInstance, renderer: string | null): Promise<void> {
  const root = renderer !== null && existsSync(join(renderer, 'index.html')) ? renderer : null;
  if (root === null) {
    app.get('/', { config: { access: 'public' } }, async (_, reply) => reply.code(503).send({ fault: MISSING }));
    return;
  }
  await app.register(fastifyStatic, { root, serve: false, dotfiles: 'deny', cacheControl: false, index: false });
  app.get<{ Params: { '*': string } }>('/*', { config: { access: 'public' } }, async (request, reply) => {
    const path = request.params['*'];
    if (isPage(path)) return sendPage(reply, join(root, 'index.html'));
    if (path.startsWith('assets/')) reply.header('cache-control', `public, max-age=${YEAR_S}, immutable`);
    return reply.sendFile(path);
  });
}
