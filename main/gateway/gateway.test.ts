import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallGrant, CallRequest } from '#main/ports/call-authority/port.ts';
import { type Bench, KEY, post, requestBody, STREAM, STREAM_USAGE, startBench, streamed } from './test-support.ts';

/** 12 input, 20 output, 100 + 20 written, 10,000 read on Sonnet 5.5. */
const STREAM_NANOS = 12 * 2000 + 20 * 10_000 + 100 * 2500 + 20 * 4000 + 10_000 * 100;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

async function restart(options: Parameters<typeof startBench>[0]): Promise<void> {
  await bench.stop();
  bench = await startBench(options);
}

async function errorOf(response: Response): Promise<{ status: number; type: string; message: string }> {
  const body = (await response.json()) as { error: { type: string; message: string } };
  return { status: response.status, ...body.error };
}

/** A POST with headers fetch does not let through. */
function raw(path: string, headers: Record<string, string>, method = 'POST'): Promise<number> {
  const { hostname, port } = new URL(bench.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(method === 'HEAD' ? undefined : '{}');
  });
}

describe('a call', () => {
  it('passes the answer through unchanged and settles it once, exactly', async () => {
    bench.upstream.answer((response) => streamed(response));
    const response = await post(bench.url);
    expect(await response.text()).toBe(STREAM);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes).toEqual([
      expect.objectContaining({
        status: 'completed',
        usage: STREAM_USAGE,
        nanos: STREAM_NANOS,
        httpStatus: 200,
      }),
    ]);
  });

  it('passes the answer through unchanged when it comes byte by byte', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of Buffer.from(STREAM)) response.write(Buffer.of(byte));
      response.end();
    });
    expect(await (await post(bench.url)).text()).toBe(STREAM);
  });

  it('reads usage of an answer that is one document', async () => {
    const usage = { input_tokens: 10, output_tokens: 5 };
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'message', usage }));
    });
    const response = await post(bench.url, requestBody({ stream: false }));
    expect(await response.json()).toMatchObject({ usage });
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'completed', nanos: 10 * 2000 + 5 * 10_000 });
  });

  it('sends the operator key upstream, never the token or what the agent sent, and gives no key back', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(404, { 'content-type': 'application/json', 'set-cookie': 'a=b', 'x-echo': KEY });
      response.end(JSON.stringify({ error: { message: `no model for ${KEY}` } }));
    });
    const headers = {
      cookie: 'c=1',
      authorization: 'Bearer mine',
      'anthropic-beta': 'b1',
      'x-forwarded-for': '1.2.3.4',
    };
    const response = await post(bench.url, requestBody(), headers);
    const [seen] = bench.upstream.received;
    expect(seen?.url).toBe('/v1/messages?beta=true');
    expect(seen?.headers).toMatchObject({
      'x-api-key': KEY,
      'anthropic-beta': 'b1',
      'accept-encoding': 'identity',
    });
    expect(JSON.stringify(seen)).not.toMatch(/token-1|Bearer mine|cookie|forwarded/);
    expect(response.status).toBe(404);
    expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(KEY);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'failed', nanos: 0, httpStatus: 404 });
  });

  it("lets a login pass where that is the upstream's way", async () => {
    await restart({ auth: { kind: 'passthrough' } });
    bench.upstream.answer((response) => streamed(response));
    await (await post(bench.url, requestBody(), { authorization: 'Bearer own-login' })).text();
    expect(bench.upstream.received[0]?.headers.authorization).toBe('Bearer own-login');
  });

  it('counts tokens without a reservation', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"input_tokens":3}');
    });
    const response = await fetch(`${bench.url}/v1/messages/count_tokens`, { method: 'POST', body: '{}' });
    expect(await response.json()).toEqual({ input_tokens: 3 });
    expect(bench.authority.requests).toEqual([]);
  });

  it('reports the messages a completed call carried for the first time', async () => {
    bench.upstream.answer((response) => streamed(response));
    const first = requestBody({ messages: [{ role: 'user', content: '[aios-message:m_1] hi' }] });
    const second = requestBody({
      messages: [
        { role: 'user', content: '[aios-message:m_1] hi' },
        { role: 'user', content: 'x [aios-message:m_2] [aios-message:m_2] [aios-message:] y' },
      ],
    });
    await (await post(bench.url, first)).text();
    await (await post(bench.url, second)).text();
    await bench.authority.settled(2);
    expect(bench.authority.outcomes.map((outcome) => outcome.messagesSeen)).toEqual([['m_1'], ['m_2']]);
  });

  it('sees messages whose ids are long, as those of an answer to an answer are', async () => {
    bench.upstream.answer((response) => streamed(response));
    const long = `msg_att_1.call:${'0'.repeat(300)}`;
    await (
      await post(bench.url, requestBody({ messages: [{ role: 'user', content: `[aios-message:${long}] hi` }] }))
    ).text();
    await bench.authority.settled(1);
    expect(bench.authority.outcomes.map((outcome) => outcome.messagesSeen)).toEqual([[long]]);
  });

  it('judges a prompt that extends a measured one by what was added', async () => {
    bench.upstream.answer((response) => streamed(response));
    const history = 'y'.repeat(50_000);
    const messages = [{ role: 'user', content: history }];
    await (await post(bench.url, requestBody({ messages }))).text();
    await bench.authority.settled(1);
    await (await post(bench.url, requestBody({ messages: [...messages, { role: 'user', content: 'more' }] }))).text();
    const [first, second] = bench.authority.requests;
    expect(first?.promptTokens).toBeGreaterThan(20_000);
    expect(second?.promptTokens).toBeGreaterThan(10_132);
    expect(second?.promptTokens).toBeLessThan(10_200);
  });
});

describe('the wall', () => {
  it('refuses with the form that ends a turn, and sends nothing', async () => {
    await restart({ decide: () => ({ kind: 'refused', reason: 'goal budget of $5.00 is spent' }) });
    expect(await errorOf(await post(bench.url))).toEqual({
      status: 402,
      type: 'billing_error',
      message: 'goal budget of $5.00 is spent',
    });
    expect(bench.upstream.received).toEqual([]);
    expect(bench.authority.outcomes).toEqual([]);
  });

  it('lets exactly the calls that are covered through when many come at once', async () => {
    let purse = 7;
    const decide = ({ maxTokens }: CallRequest): CallGrant => {
      if (purse === 0) return { kind: 'refused', reason: 'spent' };
      purse -= 1;
      return { kind: 'granted', maxTokens, reservedNanos: 1 };
    };
    await restart({ decide });
    bench.upstream.answer((response) => streamed(response));
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await post(bench.url);
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(7);
    expect(bench.upstream.received).toHaveLength(7);
    await bench.authority.settled(7);
    expect(new Set(bench.authority.outcomes.map((outcome) => outcome.call)).size).toBe(7);
  });

  it('asks for no more output than is covered', async () => {
    await restart({ decide: () => ({ kind: 'granted', maxTokens: 55, reservedNanos: 1 }) });
    bench.upstream.answer((response) => streamed(response));
    await (await post(bench.url)).text();
    expect(JSON.parse(bench.upstream.received[0]?.body ?? '')).toMatchObject({ max_tokens: 55 });
  });

  it('refuses what the price book cannot price', async () => {
    expect(await errorOf(await post(bench.url, requestBody({ speed: 'fast' })))).toMatchObject({
      status: 402,
    });
    expect(bench.authority.requests).toEqual([]);
  });

  it('ends the calls of a revoked token, and later ones', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(STREAM.slice(0, 700));
    });
    const response = await post(bench.url);
    bench.gateway.revoke('token-1');
    await expect(response.text()).rejects.toThrow();
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'cancelled', usage: null, nanos: null });
    expect(await errorOf(await post(bench.url))).toMatchObject({ status: 402, type: 'billing_error' });
  });

  it('holds the calls of a run until it is released, or too long', async () => {
    bench.upstream.answer((response) => streamed(response));
    bench.gateway.hold('run_1');
    const waiting = post(bench.url);
    await bench.clock.scheduled(90_000);
    expect(bench.authority.requests).toEqual([]);
    bench.gateway.release('run_1');
    expect((await waiting).status).toBe(200);

    bench.gateway.hold('run_1');
    const tooLong = post(bench.url);
    await bench.clock.scheduled(90_000);
    bench.clock.advance(90_000);
    expect(await errorOf(await tooLong)).toMatchObject({ status: 402, message: /held/ });
  });
});

describe('the guard', () => {
  it('refuses foreign hosts, browsers, unknown paths, unknown tokens and too many headers', async () => {
    expect(await raw('/run/token-1/v1/messages', { host: 'evil.example' })).toBe(403);
    expect(await raw('/run/token-1/v1/messages', { origin: 'http://localhost' })).toBe(403);
    expect(await raw('/run/token-1/v1/complete', {})).toBe(404);
    expect(await raw('/run/token-1/v1/messages', {}, 'PUT')).toBe(404);
    expect(await raw('/run/token-2/v1/messages', {})).toBe(402);
    expect(await raw('/run/token-1', {}, 'HEAD')).toBe(200);
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-h-${index}`, '1']));
    expect(await raw('/run/token-1/v1/messages', many)).toBe(431);
  });

  it('refuses bodies over the cap', async () => {
    await restart({ limits: { bodyBytes: 100 } });
    expect(await errorOf(await post(bench.url))).toMatchObject({ status: 413 });
  });

  it('closes a connection that never finishes its request', async () => {
    await restart({ limits: { requestMs: 60 } });
    const { hostname, port } = new URL(bench.url);
    const socket = net.connect(Number(port), hostname);
    socket.write('POST /run/token-1/v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n{');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(bench.authority.requests).toEqual([]);
  });
});

describe('an agent that goes away', () => {
  it('stops the call upstream', async () => {
    const controller = new AbortController();
    const upstreamClosed = new Promise((resolve) => {
      bench.upstream.answer((response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(STREAM.slice(0, 700));
        controller.abort();
      });
    });
    const sent = fetch(`${bench.url}/v1/messages`, {
      method: 'POST',
      body: requestBody(),
      signal: controller.signal,
    });
    await expect(sent.then((response) => response.text())).rejects.toThrow();
    await upstreamClosed;
    await bench.authority.settled(1);
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'cancelled', nanos: null })]);
  });
});
