import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Clock } from '#main/platform/clock.ts';

/** Kept-alive connections to upstreams, ours alone. */
export interface UpstreamAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  close(): void;
}

/** Makes the connection pools of one gateway. */
export function createUpstreamAgents(): UpstreamAgents {
  const options = { keepAlive: true, maxFreeSockets: 64, keepAliveMsecs: 15_000 };
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  return {
    http: plain,
    https: secure,
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** One try at an upstream: the head of its answer, or why there is none and whether it may have worked on the request. */
export type Opened =
  | { readonly kind: 'response'; readonly message: IncomingMessage }
  | { readonly kind: 'failed'; readonly cause: string; readonly maybeReceived: boolean };

/** What {@link openUpstream} sends. */
export interface UpstreamRequest {
  readonly agents: UpstreamAgents;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly pieces: readonly Buffer[];
  /** Longest time until the head of the answer. */
  readonly headMs: number;
  readonly signal: AbortSignal;
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

function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return 'unknown error';
}

interface Target {
  readonly secure: boolean;
  readonly prefix: string;
  readonly options: http.RequestOptions;
}

const targets = new Map<string, Target>();

/** Addresses are few and reading one costs a tenth of a call. */
function targetOf(baseUrl: string): Target {
  const known = targets.get(baseUrl);
  if (known) return known;
  const url = new URL(baseUrl);
  const { protocol, hostname, port, auth } = urlToHttpOptions(url);
  const target = {
    secure: url.protocol === 'https:',
    prefix: url.pathname.replace(/\/+$/, ''),
    options: { protocol, hostname, port, ...(auth ? { auth } : {}) },
  };
  targets.set(baseUrl, target);
  return target;
}

/** Sends one request and waits for the head of the answer. Never throws and never follows a redirect. */
export function openUpstream(request: UpstreamRequest): Promise<Opened> {
  const { secure, prefix, options } = targetOf(request.baseUrl);
  const { method, headers, signal } = request;
  return new Promise((resolve) => {
    const agent = secure ? request.agents.https : request.agents.http;
    const outgoing = (secure ? https : http).request({
      ...options,
      path: `${prefix}${request.path}`,
      method,
      headers,
      agent,
    });
    const stop = () => outgoing.destroy(new Error('the call was ended here'));
    const cancelTimer = request.clock.after(request.headMs, () => {
      outgoing.destroy(new Error(`no answer in ${Math.round(request.headMs / 1000)} s`));
    });
    const finish = (opened: Opened) => {
      cancelTimer();
      signal.removeEventListener('abort', stop);
      resolve(opened);
    };
    outgoing.once('response', (message) => finish({ kind: 'response', message }));
    outgoing.on('error', (error) => {
      const code = codeOf(error);
      // A kept-alive connection the server had closed meanwhile: the request was not read.
      const stale = outgoing.reusedSocket && code === 'ECONNRESET';
      finish({ kind: 'failed', cause: code, maybeReceived: !stale && !NEVER_RECEIVED.has(code) });
    });
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    for (const piece of request.pieces) outgoing.write(piece);
    outgoing.end();
  });
}

/** Reads a small answer to its end, at most `most` bytes; what is more, or is cut, is dropped. */
export async function readSmall(message: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      size += chunk.length;
      if (size > most) break;
      chunks.push(chunk);
    }
  } catch {
    // A fault's text that was cut is still the best there is.
  }
  message.destroy();
  return Buffer.concat(chunks);
}
