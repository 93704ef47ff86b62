import type { IncomingMessage } from 'node:http';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Access } from './access.ts';
import { isOwnOrigin, refusalOf } from './guard.ts';

/**
 * Who may use a route. `public`: anybody on this machine; nothing secret. `login`: a page of ours that has a code.
 * `operator`: the bearer token or a logged-in page. `bearer`: the token only. `run`: an agent's own token, which the
 * route checks itself.
 */
export type RouteAccess = 'public' | 'login' | 'operator' | 'bearer' | 'run';

/** Why a request is not answered, and with which status. */
export interface Denial {
  readonly status: number;
  readonly fault: Fault;
}

const NOT_ALLOWED = 'Open the link that `aios open` prints, or send the token of server.json as a bearer token.';

const denial = (status: number, why: string): Denial => ({
  status,
  fault: faultOf('not-allowed', 'The request was refused.', why, NOT_ALLOWED),
});

/** Checks Host and Origin, then what the route asks for, before anything of the request is read. Null lets it pass. */
export function denialOf(request: IncomingMessage, access: RouteAccess, secrets: Access, port: number): Denial | null {
  const refusal = refusalOf(request, port);
  if (refusal) return denial(refusal.status, refusal.why);
  if (access === 'public') return null;
  const { origin } = request.headers;
  const own = origin !== undefined && isOwnOrigin(origin, port);
  if (access === 'login') return own ? null : denial(403, 'Logging in is for the page itself.');
  if (access === 'run') return origin === undefined ? null : denial(403, 'Pages may not call this.');
  const caller = secrets.callerOf(request, own);
  if (caller === 'bearer' || (caller === 'session' && access === 'operator')) return null;
  return denial(401, 'The token is missing or wrong.');
}
