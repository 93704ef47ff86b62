/** What the gateway's tests share: a fake model server that plays bytes, an authority that records, a clock that is moved. */
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Clock } from '#main/platform/clock.ts';
import type { CallAuthority, CallGrant, CallOutcome, CallRequest } from '#main/ports/call-authority/port.ts';
import { type PriceBook, priceBook } from '#protocol/model/price-book.ts';
import { createGatewayServer, type GatewayServer } from './server.ts';
import { DEFAULT_LIMITS, type GatewayLimits, type UpstreamAuth, type UpstreamHealth } from './types.ts';

/** Where the price book of the product lies. */
export const PRICES = fileURLToPath(new URL('../../resources/prices/anthropic.yaml', import.meta.url));

/** The price book of the product. */
export function readBook(): PriceBook {
  return priceBook.parse(parse(readFileSync(PRICES, 'utf8')));
}

/** A clock that stands still until it is advanced. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Resolves once somebody waits for that long. */
  scheduled(ms: number): Promise<void>;
}

/** Makes a clock at noon of 2026-11-22 UTC. */
export function manualClock(): ManualClock {
  let elapsed = 0;
  const timers = new Set<{ at: number; ms: number; run: () => void }>();
  const waiters = new Set<() => void>();
  const start = Date.parse('2026-11-22T12:00:00Z');
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, ms, run };
      timers.add(timer);
      for (const look of waiters) look();
      return () => timers.delete(timer);
    },
    advance(ms) {
      elapsed += ms;
      const due = [...timers].filter((timer) => timer.at <= elapsed);
      for (const timer of due) if (timers.delete(timer)) timer.run();
    },
    scheduled: (ms) =>
      new Promise((resolve) => {
        const look = () => {
          if (![...timers].some((timer) => timer.ms === ms)) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
  };
}

/** An authority that grants from a purse (nano-dollars) or by a rule, and keeps what it was told. */
export interface RecordingAuthority extends CallAuthority {
  readonly requests: CallRequest[];
  readonly outcomes: CallOutcome[];
  /** Calls that left on a reservation made ahead, and such reservations that were given back. */
  readonly begun: string[];
  readonly released: string[];
  /** Resolves once that many calls are settled. */
  settled(count: number): Promise<void>;
}

/**
 * See {@link RecordingAuthority}; `decide` defaults to granting what is asked, `ahead` (what becomes of a call that probably
 * follows) to reserving nothing ahead.
 */
export function recordingAuthority(
  decide?: (request: CallRequest) => CallGrant,
  ahead: (next: CallRequest) => Promise<CallRequest | null> = () => Promise.resolve(null),
): RecordingAuthority {
  const requests: CallRequest[] = [];
  const begun: string[] = [];
  const released: string[] = [];
  const outcomes: CallOutcome[] = [];
  const waiters = new Set<() => void>();
  return {
    requests,
    outcomes,
    begun,
    released,
    reserve(request) {
      requests.push(request);
      const { maxTokens } = request;
      return Promise.resolve(decide?.(request) ?? { kind: 'granted', maxTokens, reservedNanos: 1 });
    },
    settle(outcome) {
      outcomes.push(outcome);
      for (const look of waiters) look();
      return outcome.next ? ahead(outcome.next) : Promise.resolve(null);
    },
    began: (_run, call) => void begun.push(call),
    release(calls) {
      released.push(...calls);
      return Promise.resolve();
    },
    settled: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (outcomes.length < count) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
  };
}

/** A request as the fake model server received it. */
export interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A model server that answers as the test says. */
export interface FakeUpstream {
  readonly origin: string;
  readonly received: Received[];
  answer(how: (response: ServerResponse, received: Received) => void): void;
  stop(): Promise<void>;
}

/** Starts a {@link FakeUpstream}. */
export function startFakeUpstream(): Promise<FakeUpstream> {
  const received: Received[] = [];
  let play: (response: ServerResponse, received: Received) => void = (response) => response.end();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { url = '', headers } = request;
      const seen = { url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(seen);
      play(response, seen);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({
        origin: `http://127.0.0.1:${port}`,
        received,
        answer(how) {
          play = how;
        },
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** A whole gateway in this thread, with its fake surroundings and one admitted run, `run_1`, token `token-1`. */
export interface Bench {
  readonly upstream: FakeUpstream;
  readonly gateway: GatewayServer;
  readonly authority: RecordingAuthority;
  readonly clock: ManualClock;
  readonly health: UpstreamHealth[];
  readonly faults: string[];
  readonly url: string;
  stop(): Promise<void>;
}

/** The operator's key in tests. */
export const KEY = 'sk-ant-test-operator-key';

/** Starts a {@link Bench}. */
export async function startBench(
  options: {
    decide?: (request: CallRequest) => CallGrant;
    ahead?: (next: CallRequest) => Promise<CallRequest | null>;
    limits?: Partial<GatewayLimits>;
    auth?: UpstreamAuth;
  } = {},
): Promise<Bench> {
  const upstream = await startFakeUpstream();
  const authority = recordingAuthority(options.decide, options.ahead);
  const clock = manualClock();
  const health: UpstreamHealth[] = [];
  const faults: string[] = [];
  let calls = 0;
  const gateway = createGatewayServer({
    authority,
    book: readBook(),
    clock,
    random: () => 0.5,
    newCallId: () => {
      calls += 1;
      return `call_${calls}`;
    },
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    onUpstream: (event) => health.push(event),
    onFault: (what) => faults.push(what),
  });
  gateway.setUpstreams([{ id: 'main', baseUrl: upstream.origin, auth: options.auth ?? { kind: 'key', key: KEY } }]);
  gateway.admit({ run: 'run_1', token: 'token-1', upstream: 'main' });
  const { origin } = await gateway.start();
  const stop = async () => {
    await gateway.stop();
    await upstream.stop();
  };
  return { upstream, gateway, authority, clock, health, faults, url: `${origin}/run/token-1`, stop };
}

/** One event of an Anthropic stream. */
export function sse(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** A recorded answer: text with multi-byte characters, a tool call in pieces, cached usage. Costs 1,523,500 nano-dollars on Sonnet 5.5. */
export const STREAM = [
  sse('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [],
      stop_reason: null,
      usage: {
        input_tokens: 12,
        output_tokens: 1,
        cache_read_input_tokens: 10_000,
        cache_creation_input_tokens: 120,
        cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 20 },
      },
    },
  }),
  sse('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  sse('ping', {}),
  sse('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text: 'Grüße 👋 "message_delta"\n\ndata: {}' },
  }),
  sse('content_block_stop', { index: 0 }),
  sse('content_block_start', {
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'Edit', input: {} },
  }),
  sse('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: '{"file":"a' } }),
  sse('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: '.ts"}' } }),
  sse('content_block_stop', { index: 1 }),
  sse('message_delta', {
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 20 },
  }),
  sse('message_stop', {}),
].join('');

/** What {@link STREAM} used. */
export const STREAM_USAGE = { input: 12, output: 20, cacheWrite5m: 100, cacheWrite1h: 20, cacheRead: 10_000 };

/** A plain request to the Messages API. */
export function requestBody(changes: Record<string, unknown> = {}): string {
  const messages = [{ role: 'user', content: 'Hello' }];
  return JSON.stringify({ model: 'claude-sonnet-5-5', messages, max_tokens: 4096, stream: true, ...changes });
}

/** Sends a call through the gateway as an agent does. */
export function post(url: string, body = requestBody(), headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'agent-has-none', ...headers },
    body,
  });
}

/** Answers with the recorded stream. */
export function streamed(response: ServerResponse, text: string = STREAM): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.end(text);
}
