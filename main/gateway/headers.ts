import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
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
const RETURNED = /^(?:content-type|content-length|request-id|retry-after|anthropic-[a-z0-9-]+)$/;

function authHeaders(auth: UpstreamAuth): OutgoingHttpHeaders {
  if (auth.kind === 'passthrough') return {};
  return auth.header === 'bearer' ? { authorization: `Bearer ${auth.key}` } : { 'x-api-key': auth.key };
}

function namedByConnection(headers: IncomingHttpHeaders): ReadonlySet<string> {
  const names = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Set(names);
}

/**
 * Headers for the upstream. The agent's own credentials go on only where its login passes through; no compression is
 * asked for, so that usage can be read and a small answer cannot unfold into a large one.
 */
export function upstreamHeaders(
  headers: IncomingHttpHeaders,
  auth: UpstreamAuth,
  contentLength: number,
): OutgoingHttpHeaders {
  const sent: OutgoingHttpHeaders = {};
  const hop = namedByConnection(headers);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || DROPPED.has(name) || hop.has(name) || name.startsWith('x-forwarded-')) continue;
    if (auth.kind === 'key' && CREDENTIALS.has(name)) continue;
    sent[name] = value;
  }
  return {
    ...sent,
    ...authHeaders(auth),
    'accept-encoding': 'identity',
    ...(contentLength > 0 ? { 'content-length': contentLength } : {}),
  };
}

/** Headers for the agent. */
export function returnedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const returned: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && RETURNED.test(name)) returned[name] = value;
  }
  return returned;
}

/** The bytes without the operator's key, should an upstream ever repeat it. */
export function withoutKey(body: Buffer, auth: UpstreamAuth): Buffer {
  if (auth.kind !== 'key' || auth.key.length === 0 || !body.includes(auth.key)) return body;
  return Buffer.from(body.toString('utf8').replaceAll(auth.key, '[key]'));
}
