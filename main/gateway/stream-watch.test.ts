import { describe, expect, it } from 'vitest';
import { createStreamWatch } from './stream-watch.ts';
import { STREAM, STREAM_USAGE, sse } from './test-support.ts';
import { createUsageTally } from './usage-tally.ts';

function watched(chunks: readonly Buffer[], longest?: number) {
  const tally = createUsageTally(() => false);
  const watch = createStreamWatch(tally, longest);
  for (const chunk of chunks) watch.push(chunk);
  watch.end();
  const facts = watch.facts();
  return { ...facts, usage: facts.final ? tally.result() : null };
}

function chunked(text: string, size: () => number): Buffer[] {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + Math.max(1, size());
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

describe('stream watch', () => {
  it.each([1, 7, 64])('reads a stream in chunks of %i bytes', (size) => {
    const read = watched(chunked(STREAM, () => size));
    expect(read).toMatchObject({ stopped: true, usage: STREAM_USAGE, unknownEvents: 0 });
  });

  it('reads a stream in chunks of random size', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 97;
    };
    for (let round = 0; round < 50; round += 1) {
      expect(watched(chunked(STREAM, random)).usage).toEqual(STREAM_USAGE);
    }
  });

  it('reads CRLF, no space after data:, comments, several data lines and no final newline', () => {
    const crlf = STREAM.replaceAll('\n', '\r\n').replaceAll('data: ', 'data:');
    expect(watched([Buffer.from(`: hello\r\n${crlf}`.trimEnd())])).toMatchObject({
      stopped: true,
      usage: STREAM_USAGE,
    });
    const split = 'data: {"type":"message_stop",\ndata: "x":1}\n\n';
    expect(watched([Buffer.from(split)]).stopped).toBe(true);
  });

  it('never reports wrong usage when cut after any byte', () => {
    const bytes = Buffer.from(STREAM);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { usage, stopped } = watched([bytes.subarray(0, cut)]);
      if (usage !== null) expect(usage).toEqual(STREAM_USAGE);
      if (stopped) expect(cut).toBeGreaterThan(bytes.length - 20);
    }
  });

  it('reads the same whether events come whole or in bytes, the usual form among others', () => {
    const block = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0}\n\n';
    const others = [
      ': comment\n\n',
      block.replaceAll('\n', '\r\n'),
      'data: {"type":"content_block_delta",\ndata: "index":0}\n\n',
      'event: x\n\n',
      'data: {"type":\ndata: {"type":"content_block_delta"}\n\n',
      'data: {"type":"content_block_delta"}\nid: 7\n\n',
    ];
    const text = others.map((other) => block + other + block).join('') + STREAM;
    const whole = watched([Buffer.from(text)]);
    expect(watched(chunked(text, () => 1))).toEqual(whole);
    expect(watched(chunked(text, () => 64))).toEqual(whole);
    expect(whole).toMatchObject({ stopped: true, usage: STREAM_USAGE });
  });

  it('tells where the last whole event ends', () => {
    const watch = createStreamWatch(createUsageTally(() => false));
    expect(watch.push(Buffer.from('data: {"a":1}\n\ndata: {'))).toBe(15);
    expect(watch.push(Buffer.from('"b":2}'))).toBe(0);
    expect(watch.push(Buffer.from('\n\n'))).toBe(2);
  });

  it('counts unknown events and goes on', () => {
    const text = sse('quantum_update', { x: 1 }) + STREAM;
    expect(watched([Buffer.from(text)])).toMatchObject({ unknownEvents: 1, usage: STREAM_USAGE });
  });

  it('sees errors in the stream', () => {
    const text = sse('error', { error: { type: 'overloaded_error', message: 'x' } });
    expect(watched([Buffer.from(text)])).toMatchObject({ error: 'overloaded_error', stopped: false });
  });

  it('stops reading a line without end', () => {
    const facts = watched([Buffer.from('data: '), Buffer.alloc(2000, 97)], 1000);
    expect(facts).toMatchObject({ overflow: true, usage: null });
  });
});

describe('usage tally', () => {
  const usageOf = (...reports: unknown[]) => {
    const tally = createUsageTally(() => true);
    for (const report of reports) tally.add(report);
    return tally.result();
  };

  it.each([
    ['negative', [{ input_tokens: -1, output_tokens: 1 }]],
    ['decreasing', [{ input_tokens: 5, output_tokens: 9 }, { output_tokens: 3 }]],
    ['absurd', [{ input_tokens: 1e15, output_tokens: 1 }]],
    ['fractional', [{ input_tokens: 1.5, output_tokens: 1 }]],
    ['a string', [{ input_tokens: '7', output_tokens: 1 }]],
    [
      'a split above its total',
      [{ input_tokens: 1, cache_creation_input_tokens: 5, cache_creation: { ephemeral_5m_input_tokens: 9 } }],
    ],
    ['missing', [null, undefined]],
  ])('takes %s usage for unknown', (_name, reports) => {
    expect(usageOf(...reports)).toBeNull();
  });

  it('takes cache writes it cannot split for the dearer ones where the request asked for them', () => {
    expect(usageOf({ input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 30 })).toMatchObject({
      cacheWrite5m: 0,
      cacheWrite1h: 30,
    });
  });

  it('reads zeros of a later report as not reported', () => {
    expect(usageOf({ input_tokens: 5, output_tokens: 1 }, { input_tokens: 0, output_tokens: 4 })).toMatchObject({
      input: 5,
      output: 4,
    });
  });
});
