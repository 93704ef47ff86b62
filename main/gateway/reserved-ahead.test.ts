import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRequest } from '#main/ports/call-authority/port.ts';
import { type Bench, post, requestBody, STREAM, sse, startBench, streamed } from './test-support.ts';

const UNUSED_MS = 10_000;

let bench: Bench;
let ahead: (next: CallRequest) => Promise<CallRequest | null>;
beforeEach(async () => {
  ahead = (next) => Promise.resolve(next);
  bench = await startBench({ ahead: (next) => ahead(next) });
  bench.upstream.answer((response) => streamed(response));
});
afterEach(() => bench.stop());

async function call(body?: string, headers?: Record<string, string>): Promise<number> {
  const response = await post(bench.url, body, headers);
  await response.text();
  return response.status;
}

/** One call, after which the next is reserved. */
async function calledOnce(): Promise<string> {
  await call();
  await bench.authority.settled(1);
  const [outcome] = bench.authority.outcomes;
  return outcome?.next?.call ?? 'nothing';
}

describe('the next call of a conversation', () => {
  it('leaves on what was reserved for it, without asking, and is settled as that call', async () => {
    const next = await calledOnce();
    await call();
    await bench.authority.settled(2);
    const { requests, begun, outcomes, released } = bench.authority;
    expect(requests).toHaveLength(1);
    expect(begun).toEqual([next]);
    expect(outcomes[1]).toMatchObject({ call: next, status: 'completed' });
    expect(released).toEqual([]);
  });

  it('does not leave before its reservation is stored', async () => {
    const stored = Promise.withResolvers<void>();
    ahead = async (next) => {
      await stored.promise;
      return next;
    };
    await calledOnce();
    const second = call();
    // A call of another conversation passes by, so the second had its time.
    await call(requestBody(), { 'x-claude-code-agent-id': 'sub' });
    expect(bench.upstream.received).toHaveLength(2);
    stored.resolve();
    expect(await second).toBe(200);
    expect(bench.upstream.received).toHaveLength(3);
    expect(bench.authority.begun).toHaveLength(1);
  });

  it('asks as ever where nothing was reserved for it', async () => {
    ahead = () => Promise.resolve(null);
    await calledOnce();
    expect(await call()).toBe(200);
    expect(bench.authority.requests).toHaveLength(2);
    expect(bench.authority.begun).toEqual([]);
  });

  it('asks as ever, and what was reserved is given back, where it wants more', async () => {
    const next = await calledOnce();
    await call(requestBody({ max_tokens: 4097 }));
    expect(bench.authority.requests).toHaveLength(2);
    await bench.gateway.reclaim();
    expect(bench.authority.released).toContain(next);
  });

  it('is reserved for once, however many calls of it are under way', async () => {
    await Promise.all([call(), call(), call()]);
    await bench.authority.settled(3);
    expect(bench.authority.outcomes.filter((outcome) => outcome.next)).toHaveLength(1);
  });

  it('is not reserved for after a call that did not end well', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{}');
    });
    expect(await calledOnce()).toBe('nothing');
  });
});

describe('what is reserved ahead is given back', () => {
  it('when the run is over, and its token moves nothing any more', async () => {
    const next = await calledOnce();
    bench.gateway.revoke('token-1');
    expect(await call()).toBe(402);
    await expect.poll(() => bench.authority.released).toEqual([next]);
    expect(bench.upstream.received).toHaveLength(1);
  });

  it('when the run ended before it was stored', async () => {
    const stored = Promise.withResolvers<void>();
    ahead = async (next) => {
      await stored.promise;
      return next;
    };
    const next = await calledOnce();
    bench.gateway.revoke('token-1');
    stored.resolve();
    await expect.poll(() => bench.authority.released).toEqual([next]);
  });

  it('when a revoked run had a call on its way: that one costs nothing and does not leave', async () => {
    const stored = Promise.withResolvers<void>();
    ahead = async (next) => {
      await stored.promise;
      return next;
    };
    const next = await calledOnce();
    bench.gateway.hold('run_1');
    const second = call().catch(() => 'broken');
    await bench.clock.scheduled(90_000);
    bench.gateway.revoke('token-1');
    stored.resolve();
    await second;
    await expect.poll(() => bench.authority.released).toEqual([next]);
    expect(bench.upstream.received).toHaveLength(1);
    expect(bench.authority.begun).toEqual([]);
  });

  it('when no call comes', async () => {
    const next = await calledOnce();
    bench.clock.advance(UNUSED_MS);
    await bench.gateway.reclaim();
    expect(bench.authority.released).toEqual([next]);
  });

  it('when the gateway stops', async () => {
    const next = await calledOnce();
    await bench.gateway.stop();
    expect(bench.authority.released).toEqual([next]);
  });

  it('when others need the room, after which a call asks again', async () => {
    const next = await calledOnce();
    await bench.gateway.reclaim();
    expect(bench.authority.released).toEqual([next]);
    expect(await call()).toBe(200);
    expect(bench.authority.requests).toHaveLength(2);
  });
});

describe('an answer', () => {
  it('ends with its last event, whenever the model server closes', async () => {
    bench.upstream.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(STREAM);
    });
    expect(await (await post(bench.url)).text()).toBe(STREAM);
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'completed' });
  });

  it('costs nothing of what a model server claims after its end', async () => {
    const rest = sse('message_delta', { usage: { output_tokens: 900 } });
    bench.upstream.answer((response) => streamed(response, STREAM + rest));
    await (await post(bench.url)).text();
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]?.usage?.output).toBe(20);
  });
});
