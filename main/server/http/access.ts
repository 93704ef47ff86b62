import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const CODE_LIFE_MS = 5 * 60_000;
/** Longer than any secret we hand out; what is longer is not compared. */
const LONGEST_SECRET = 200;
const MOST_CODES = 100;
const MOST_SESSIONS = 50;
const SESSION_LIFE_MS = 30 * 24 * 60 * 60_000;
/** Wrong codes per window before every further try is refused. */
const MOST_TRIES = 20;
const TRY_WINDOW_MS = 10_000;

/** Who a request is: a script with the bearer token, a logged-in browser, or nobody. */
export type Caller = 'bearer' | 'session' | null;

/** A session as it may be kept: digest of its secret, and when it was opened. */
export type KeptSession = readonly [digest: string, at: number];

/** Secrets of one start. Token and codes end with it; sessions may be handed to the next as digests. */
export interface Access {
  readonly token: string;
  /** Who holds this request. A session counts only from one of our own pages. */
  callerOf(request: IncomingMessage, ownOrigin: boolean): Caller;
  /** A code that logs in one browser once, within five minutes. */
  newCode(): string;
  /** Trades a code for a session's secret; null when it is wrong, used, too old, or there were too many tries. */
  redeem(code: string): string | null;
  readonly cookieName: (port: number) => string;
}

const secret = () => randomBytes(32).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. */
function same(given: string, expected: string): boolean {
  return given.length <= LONGEST_SECRET && timingSafeEqual(digest(given), digest(expected));
}

/** Cookies are shared by all ports of a host, so the name carries the port. */
const cookieName = (port: number) => `aios_session_${port}`;

function cookieOf(request: IncomingMessage): string | null {
  const name = cookieName(request.socket.localPort ?? 0);
  const header = (request.headers.cookie ?? '').slice(0, 16_384);
  const pair = header.split(';').find((each) => each.trim().startsWith(`${name}=`));
  return pair === undefined ? null : pair.trim().slice(name.length + 1);
}

function keepNewest<K, V>(map: Map<K, V>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

/** Counts tries in a window; true when one more is allowed. */
function tryLimiter(now: () => number): () => boolean {
  let since = 0;
  let tries = 0;
  return () => {
    if (now() - since > TRY_WINDOW_MS) {
      since = now();
      tries = 0;
    }
    tries += 1;
    return tries <= MOST_TRIES;
  };
}

/** Makes the secrets of this start. `kept` are the sessions of the last one; `keep` is told of every change of them. */
export function createAccess(
  now: () => number,
  kept: readonly KeptSession[] = [],
  keep: (sessions: readonly KeptSession[]) => void = () => undefined,
): Access {
  const token = secret();
  // Codes and sessions are kept as digests, so that looking one up leaks nothing through time.
  const codes = new Map<string, number>();
  const isFresh = (at: number) => at <= now() && now() - at < SESSION_LIFE_MS;
  const sessions = new Map<string, number>(kept.filter(([, at]) => isFresh(at)));
  const mayTry = tryLimiter(now);
  const key = (text: string) => digest(text).toString('base64url');
  return {
    token,
    cookieName,
    callerOf(request, ownOrigin) {
      const header = request.headers.authorization ?? '';
      if (header.startsWith('Bearer ')) return same(header.slice('Bearer '.length), token) ? 'bearer' : null;
      const cookie = ownOrigin ? cookieOf(request) : null;
      if (cookie === null || cookie.length > LONGEST_SECRET) return null;
      const openedAt = sessions.get(key(cookie));
      return openedAt !== undefined && isFresh(openedAt) ? 'session' : null;
    },
    newCode() {
      const code = secret();
      codes.set(key(code), now() + CODE_LIFE_MS);
      keepNewest(codes, MOST_CODES);
      return code;
    },
    redeem(code) {
      if (!mayTry() || code.length > LONGEST_SECRET) return null;
      const until = codes.get(key(code));
      codes.delete(key(code));
      if (until === undefined || until < now()) return null;
      const session = secret();
      sessions.set(key(session), now());
      keepNewest(sessions, MOST_SESSIONS);
      keep([...sessions]);
      return session;
    },
  };
}
