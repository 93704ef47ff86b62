import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry.ts';
import { type Bench, post, requestBody, STREAM, STREAM_USAGE, sse, startBench, streamed } from './test-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

async function errorOf(response: Response): Promise<{ status: number; type: string; message: string }> {
  const body = (await response.json()) as { error: { type: string; message: string } };
  return { status: response.status, ...body.error };
}

/** First answers of the upstream, one a try; the recorded stream follows. */
function faults(...answers: Array<[status: number, headers?: Record<string, string>]>): void {
  bench.upstream.answer((response) => {
    const next = answers.shift();
    if (!next) return streamed(response);
    response.writeHead(next[0], { 'content-type': 'application/json', ...next[1] });
    response.end('{"type":"error","error":{"type":"x","message":"y"}}');
  });
}

describe('faults before an answer', () => {
  it.each([
    ['529', 529, undefined, 500],
    ['500', 500, undefined, 500],
    ['429 without a wait', 429, undefined, 500],
    ['429 with seconds', 429, '7', 7000],
    ['429 with a date', 429, 'Sun, 22 Nov 2026 12:00:09 GMT', 9000],
    ['429 with -1', 429, '-1', 500],
  ])('waits and tries again after %s', async (_name, status, retryAfter, wait) => {
    faults([status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }]);
    const sent = post(bench.url);
    await bench.clock.scheduled(wait);
    bench.clock.advance(wait);
    expect(await (await sent).text()).toBe(STREAM);
    await bench.authority.settled(1);
    expect(bench.authority.requests).toHaveLength(1);
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'completed', usage: STREAM_USAGE })]);
  });

  it('ends the turn and says when, where the upstream asks for a long wait', async () => {
    faults([429, { 'retry-after': '86400' }]);
    expect(await errorOf(await post(bench.url))).toMatchObject({
      status: 402,
      type: 'aios_upstream_waiting',
      message: /asks to wait 86400 s/,
    });
    const retryAt = bench.clock.now() + 86_400_000;
    expect(bench.health).toEqual([{ id: 'main', state: 'down', cause: 'it limits the rate (429)', retryAt }]);
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'failed', nanos: 0 })]);
  });

  it('gives up after four tries', async () => {
    faults([529], [529], [529], [529], [529]);
    const sent = post(bench.url);
    for (const wait of [500, 1000, 2000]) {
      await bench.clock.scheduled(wait);
      bench.clock.advance(wait);
    }
    expect(await errorOf(await sent)).toMatchObject({ status: 402, type: 'aios_upstream_unavailable' });
    expect(bench.upstream.received).toHaveLength(4);
  });

  it('tries a refused connection again, then says so and reports when it is back', async () => {
    await bench.upstream.stop();
    const sent = post(bench.url);
    for (const wait of [500, 1000, 2000]) {
      await bench.clock.scheduled(wait);
      bench.clock.advance(wait);
    }
    expect(await errorOf(await sent)).toMatchObject({ status: 402, message: /ECONNREFUSED/ });
    expect(bench.health).toEqual([{ id: 'main', state: 'down', cause: 'ECONNREFUSED', retryAt: null }]);
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'failed', nanos: 0 })]);
  });

  it.each([401, 403])('takes %i for a lost login, once', async (status) => {
    faults([status], [status]);
    expect(await errorOf(await post(bench.url))).toMatchObject({ status: 402, type: 'aios_upstream_login' });
    expect(bench.upstream.received).toHaveLength(1);
  });

  it('does not follow a redirect', async () => {
    faults([307, { location: 'http://127.0.0.1:1/' }]);
    expect(await errorOf(await post(bench.url))).toMatchObject({ status: 402, message: /redirects/ });
    expect(bench.upstream.received).toHaveLength(1);
  });

  it('knows a page from a model server', async () => {
    faults([200, { 'content-type': 'text/html' }]);
    expect(await errorOf(await post(bench.url))).toMatchObject({
      status: 402,
      message: /not a model server/,
    });
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'failed' })]);
  });

  it('refuses a compressed answer it did not ask for', async () => {
    faults([200, { 'content-encoding': 'gzip' }]);
    expect(await errorOf(await post(bench.url))).toMatchObject({ status: 402, message: /compressed/ });
  });

  it('charges the reservation when a connection ends without an answer', async () => {
    bench.upstream.answer((response) => response.destroy());
    expect(await errorOf(await post(bench.url))).toMatchObject({
      status: 402,
      type: 'aios_upstream_unavailable',
    });
    expect(bench.authority.outcomes).toEqual([expect.objectContaining({ status: 'failed', usage: null, nanos: null })]);
  });

  it('reads retry-after as nothing when it is nonsense', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(['', '-1', 'soon', '1e9', '99999999999'].map((value) => retryAfterMs(value, now))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('faults inside an answer', () => {
  const bytes = Buffer.from(STREAM);
  const start = (cut: number) =>
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(bytes.subarray(0, cut), () => response.destroy());
      if (cut === 0) response.flushHeaders();
    });

  it('ends a stream cut at any event with an error event, settled once, usage never wrong', async () => {
    let cuts = 0;
    for (let cut = 1; cut < bytes.length; cut += 37) {
      start(cut);
      const text = await (await post(bench.url)).text();
      cuts += 1;
      expect(STREAM.startsWith(text.replace(/event: error\n.*\n\n$/, ''))).toBe(true);
      expect(text).toMatch(/event: error\ndata: .*was cut/);
    }
    await bench.authority.settled(cuts);
    expect(bench.authority.outcomes).toHaveLength(cuts);
    for (const { status, usage } of bench.authority.outcomes) {
      expect(status).toBe('cut');
      if (usage !== null) expect(usage).toEqual(STREAM_USAGE);
    }
  });

  it('passes an error event of the upstream on, once', async () => {
    const error = sse('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    bench.upstream.answer((response) => streamed(response, STREAM.slice(0, STREAM.indexOf('event: content')) + error));
    const text = await (await post(bench.url)).text();
    expect(text.match(/event: error/g)).toHaveLength(1);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'cut', usage: null, nanos: null });
  });

  it('cuts an upstream that falls silent', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(STREAM.slice(0, 700));
    });
    const response = await post(bench.url);
    bench.clock.advance(120_000);
    expect(await response.text()).toMatch(/fell silent/);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'cut', nanos: null });
  });

  it('ends the turn when an answer in one document is cut', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"type":', () => response.destroy());
    });
    const response = await post(bench.url, requestBody({ stream: false }));
    expect(await errorOf(response)).toMatchObject({ status: 402, type: 'aios_upstream_cut' });
  });

  it('charges the reservation where usage cannot be true, and reports it', async () => {
    bench.upstream.answer((response) => streamed(response, STREAM.replace('"output_tokens":20', '"output_tokens":-5')));
    expect((await (await post(bench.url)).text()).endsWith('"message_stop"}\n\n')).toBe(true);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'completed', usage: null, nanos: null });
    expect(bench.faults).toEqual([expect.stringContaining('cannot be true')]);
  });
});
