import type { IncomingMessage } from 'node:http';

/** What a request may be refused for before anything else is looked at. */
export type Refusal = { readonly status: 400 | 403; readonly why: string };

/** The names a browser on this machine may know the server by. */
function hostsOf(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

function count(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((each, index) => index % 2 === 0 && each.toLowerCase() === name).length;
}

/** Whether the origin is one of our own pages. Compared as text: no parsing, so nothing to disagree about. */
export function isOwnOrigin(origin: string, port: number): boolean {
  return origin.startsWith('http://') && hostsOf(port).has(origin.slice('http://'.length));
}

/**
 * Checks who a request says it talks to and where it says it comes from. Null lets it pass. A request without an
 * Origin passes here; whoever needs one (a cookie, a login) checks that too.
 */
export function refusalOf(request: IncomingMessage, port: number): Refusal | null {
  if (count(request, 'host') !== 1) return { status: 400, why: 'exactly one Host header is needed' };
  if (!hostsOf(port).has((request.headers.host ?? '').toLowerCase())) return { status: 403, why: 'unknown Host' };
  if (count(request, 'origin') > 1) return { status: 403, why: 'more than one Origin' };
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, port)) return { status: 403, why: 'unknown Origin' };
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return { status: 403, why: 'from another site' };
  return null;
}
