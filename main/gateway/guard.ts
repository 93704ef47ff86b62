import type { RequestHead } from './http-head.ts';
import type { Reply } from './replies.ts';
import type { GatewayLimits } from './types.ts';

/** What a request asks for, once it passed the guard. */
export interface Route {
  readonly token: string;
  /** Path and query for the upstream. */
  readonly path: string;
  readonly kind: 'messages' | 'free' | 'probe';
}

const PATH = /^\/run\/([A-Za-z0-9_-]{1,200})(\/[^?#]*)?(\?[^#]*)?$/;
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
const KINDS: Readonly<Record<string, Route['kind']>> = {
  'POST /v1/messages': 'messages',
  'POST /v1/messages/count_tokens': 'free',
  'GET /v1/models': 'free',
  'HEAD /': 'probe',
  'GET /': 'probe',
};

function refusal(status: number, type: Reply['type'], message: string): Reply {
  return { status, type, message };
}

function isReply(value: Route | Reply): value is Reply {
  return 'status' in value;
}

/**
 * Lets only what an agent of ours would send through: to a loopback name (a page that rebinds its host name has another), without an Origin (a
 * browser), on a known path, with few and short headers.
 */
export function routeOf(request: RequestHead, limits: GatewayLimits): Route | Reply {
  if (!LOOPBACK.test(request.fields.get('host') ?? '')) {
    return refusal(403, 'permission_error', 'the gateway answers on loopback names only');
  }
  if (request.fields.has('origin')) {
    return refusal(403, 'permission_error', 'the gateway does not answer browsers');
  }
  if (request.fieldCount > limits.headerCount) {
    return refusal(431, 'invalid_request_error', 'too many headers');
  }
  const match = PATH.exec(request.target);
  const path = match?.[2] ?? '/';
  const kind = KINDS[`${request.method} ${path}`];
  if (!match?.[1] || !kind) return refusal(404, 'not_found_error', 'the gateway knows no such path');
  return { token: match[1], path: `${path}${match[3] ?? ''}`, kind };
}

/** Tells a refusal from a route. */
export { isReply };
