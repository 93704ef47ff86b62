import type { Clock } from '#main/platform/clock.ts';
import type { EndSignal } from './end-signal.ts';
import { readAnswerHead, writeHead } from './http-head.ts';
import { createAnswer, type UpstreamAnswer } from './upstream-answer.ts';
import type { Endpoint, UpstreamConnection, UpstreamPool } from './upstream-pool.ts';

/** One try at an upstream: the head of its answer, or why there is none and whether it may have worked on the request. */
export type Opened =
  | { readonly kind: 'response'; readonly answer: UpstreamAnswer }
  | { readonly kind: 'failed'; readonly cause: string; readonly maybeReceived: boolean };

/** What {@link openUpstream} sends. */
export interface UpstreamRequest {
  readonly pool: UpstreamPool;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly path: string;
  readonly method: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly pieces: readonly Buffer[];
  /** Longest time until the head of the answer. */
  readonly headMs: number;
  readonly signal: EndSignal;
}

const NEVER_RECEIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** How a connection ends that the other side closed. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE']);
const MOST_HEAD_BYTES = 32 * 1024;

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}

interface Target {
  readonly endpoint: Endpoint;
  readonly prefix: string;
  readonly host: string;
  /** The header for a name and a password in the address. */
  readonly login: string | null;
}

const targets = new Map<string, Target>();

/** Addresses are few and reading one costs a tenth of a call. */
function targetOf(baseUrl: string): Target {
  const known = targets.get(baseUrl);
  if (known) return known;
  const url = new URL(baseUrl);
  const secure = url.protocol === 'https:';
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const target = {
    endpoint: {
      secure,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    },
    prefix: url.pathname.replace(/\/+$/, ''),
    host: url.host,
    login: login === ':' ? null : `Basic ${Buffer.from(login).toString('base64')}`,
  };
  targets.set(baseUrl, target);
  return target;
}

function headOf({ method, path, fields }: UpstreamRequest, { prefix, host, login }: Target): string {
  const sent = new Map(fields);
  sent.set('host', host);
  sent.set('connection', 'keep-alive');
  if (login !== null && !sent.has('authorization')) sent.set('authorization', login);
  if (!sent.has('content-length') && method !== 'GET') sent.set('content-length', '0');
  return writeHead(`${method} ${prefix}${path} HTTP/1.1`, sent);
}

/** Reads heads until one that is an answer: those of status 1xx announce one. */
function readAnswer(connection: UpstreamConnection, onAnswer: (answer: UpstreamAnswer) => void, onWrong: () => void) {
  let held: Buffer = Buffer.alloc(0);
  return (bytes: Buffer): void => {
    held = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
    for (;;) {
      const end = held.indexOf('\r\n\r\n', 0, 'latin1');
      if (end < 0 || end > MOST_HEAD_BYTES) {
        if (held.length > MOST_HEAD_BYTES) onWrong();
        else held = Buffer.from(held);
        return;
      }
      const head = readAnswerHead(held.toString('latin1', 0, end));
      held = held.subarray(end + 4);
      if (!head || head.status === 101) return onWrong();
      if (head.status >= 200) return onAnswer(createAnswer(head, connection, held));
    }
  };
}

function write({ socket }: UpstreamConnection, head: string, pieces: readonly Buffer[]): void {
  socket.cork();
  socket.write(head, 'latin1');
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}

/** Sends one request and waits for the head of the answer. Never follows a redirect. */
export function openUpstream(request: UpstreamRequest): Promise<Opened> {
  const { signal, pool, clock, headMs, pieces } = request;
  const target = targetOf(request.baseUrl);
  const head = headOf(request, target);
  if (signal.aborted) return Promise.resolve({ kind: 'failed', cause: 'the call was ended here', maybeReceived: true });
  return new Promise((resolve) => {
    const connection = pool.take(target.endpoint);
    const { reused } = connection;
    let answered = false;
    const finish = (opened: Opened) => {
      resolve(opened);
      cancelTimer();
      signal.offAbort(stop);
    };
    const fail = (cause: string, maybeReceived: boolean) => {
      connection.user = null;
      connection.socket.destroy();
      finish({ kind: 'failed', cause, maybeReceived });
    };
    const stop = () => fail('the call was ended here', true);
    const take = readAnswer(
      connection,
      (answer) => finish({ kind: 'response', answer }),
      () => fail('it does not answer in HTTP/1.1', true),
    );
    connection.user = {
      onBytes(bytes) {
        answered = true;
        take(bytes);
      },
      onGone(error) {
        const code = error === null ? 'ECONNRESET' : codeOf(error);
        // A kept-alive connection the server had closed meanwhile: the request was not read.
        const stale = reused && !answered && CLOSED.has(code);
        fail(code, !stale && !NEVER_RECEIVED.has(code));
      },
    };
    write(connection, head, pieces);
    // While the upstream is at work anyway.
    const cancelTimer = clock.after(headMs, () => fail(`no answer in ${Math.round(headMs / 1000)} s`, true));
    signal.onAbort(stop);
  });
}
