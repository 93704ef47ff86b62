import type { Fields } from './http-head.ts';
import type { UpstreamAuth } from './types.ts';

/** Never sent on: hop-by-hop headers, what names this machine, and what we set ourselves. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'accept-encoding',
  'cookie',
  'set-cookie',
  'origin',
  'referer',
  'forwarded',
  'via',
  'x-real-ip',
]);
const CREDENTIALS = new Set(['authorization', 'x-api-key']);

/** Headers of an upstream's answer that reach the agent. */
const RETURNED = /^(?:content-type|request-id|retry-after|anthropic-[a-z0-9-]+)$/;

function namedByConnection(fields: Fields): ReadonlySet<string> {
  const names = (fields.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set(names);
}

/**
 * Headers for the upstream. The agent's own credentials go on only where its login passes through; no compression is
 * asked for, so that usage can be read and a small answer cannot unfold into a large one.
 */
export function upstreamHeaders(fields: Fields, auth: UpstreamAuth, contentLength: number): Fields {
  const sent = new Map<string, string>();
  const hop = namedByConnection(fields);
  for (const [name, value] of fields) {
    if (DROPPED.has(name) || hop.has(name) || name.startsWith('x-forwarded-')) continue;
    if (auth.kind === 'key' && CREDENTIALS.has(name)) continue;
    sent.set(name, value);
  }
  if (auth.kind === 'key') {
    if (auth.header === 'bearer') sent.set('authorization', `Bearer ${auth.key}`);
    else sent.set('x-api-key', auth.key);
  }
  sent.set('accept-encoding', 'identity');
  if (contentLength > 0) sent.set('content-length', String(contentLength));
  return sent;
}

/** Headers for the agent, of a body with that many bytes; null where its end shows in another way. */
export function returnedHeaders(fields: Fields, contentLength: number | null): Fields {
  const returned = new Map<string, string>();
  for (const [name, value] of fields) if (RETURNED.test(name)) returned.set(name, value);
  if (contentLength !== null) returned.set('content-length', String(contentLength));
  return returned;
}

/** The bytes without the operator's key, should an upstream ever repeat it. */
export function withoutKey(body: Buffer, auth: UpstreamAuth): Buffer {
  if (auth.kind !== 'key' || auth.key.length === 0 || !body.includes(auth.key)) return body;
  return Buffer.from(body.toString('utf8').replaceAll(auth.key, '[key]'));
}
