import { readFileSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { parse } from 'yaml';
import { createGateway } from '#main/gateway/index.ts';
import type { CallAuthority } from '#main/ports/call-authority/port.ts';
import { priceBook } from '#protocol/model/price-book.ts';
import { printTable, type Table } from './table.ts';

const ROUNDS = 600;
const WARM_UP = 50;
const STREAM_BYTES = 32 * 1024 * 1024;

/** A model server in a thread of its own: a short answer, or a long one for `/big`. */
const UPSTREAM = `
const http = require('node:http');
const { parentPort } = require('node:worker_threads');
const ev = (type, data) => 'event: ' + type + '\\ndata: ' + JSON.stringify({ type, ...data }) + '\\n\\n';
const head = ev('message_start', { message: { usage: { input_tokens: 9, output_tokens: 1 } } });
const tail = ev('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } }) + ev('message_stop', {});
const delta = ev('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x'.repeat(60) } });
const block = delta.repeat(500);
const server = http.createServer((req, res) => {
  let big = false;
  req.on('data', () => undefined);
  req.on('end', () => {
    big = req.headers['x-big'] === '1';
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    if (!big) return res.end(head + delta + tail);
    res.write(head);
    let sent = 0;
    const go = () => {
      while (sent < ${STREAM_BYTES}) { sent += block.length; if (!res.write(block)) return res.once('drain', go); }
      res.end(tail);
    };
    go();
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

interface Measured {
  readonly p50: number;
  readonly p99: number;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function measured(samples: readonly number[]): Measured {
  const sorted = [...samples].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

/** One conversation turn of about that many bytes; the last message differs each time, as in a running session. */
function bodyOf(bytes: number, turn: number): Buffer {
  const line = 'export function add(a: number, b: number): number {\n  return a + b; // "sum"\n}\n';
  const messages = [
    { role: 'user', content: line.repeat(Math.ceil((bytes - 400) / (line.length + 5))) },
    { role: 'assistant', content: [{ type: 'tool_use', id: `toolu_${turn}`, name: 'Read', input: {} }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: `toolu_${turn}`, content: `turn ${turn}` }],
    },
  ];
  return Buffer.from(JSON.stringify({ model: 'claude-sonnet-5-5', messages, max_tokens: 8192, stream: true }));
}

interface Timed {
  readonly ms: number;
  readonly bytes: number;
}

function callOnce(agent: http.Agent, base: string, body: Buffer, headers: Record<string, string>): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const request = http.request(
      `${base}/v1/messages`,
      { method: 'POST', agent, headers: { 'content-length': body.length, ...headers } },
      (response) => {
        let bytes = 0;
        if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('end', () => resolve({ ms: performance.now() - from, bytes }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Alternates direct calls and calls through the gateway, and which of the two is first, so that both meet the same machine. */
async function compare(
  agent: http.Agent,
  direct: string,
  through: string,
  bytes: number,
): Promise<[Measured, Measured, Measured]> {
  const plain: number[] = [];
  const gated: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const body = bodyOf(bytes, round);
    const gatedFirst = round % 2 === 1;
    const first = await callOnce(agent, gatedFirst ? through : direct, body, {});
    const second = await callOnce(agent, gatedFirst ? direct : through, body, {});
    if (round < WARM_UP) continue;
    plain.push(gatedFirst ? second.ms : first.ms);
    gated.push(gatedFirst ? first.ms : second.ms);
  }
  const added = gated.map((ms, index) => ms - (plain[index] ?? 0));
  return [measured(plain), measured(gated), measured(added)];
}

async function bytesPerSecond(agent: http.Agent, base: string): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const { ms, bytes } = await callOnce(agent, base, bodyOf(2000, round), { 'x-big': '1' });
    if (round > 0) rates.push(bytes / ms / 1000);
  }
  return quantile(
    rates.sort((a, b) => a - b),
    0.5,
  );
}

/** Answers after a turn of the event loop, as an authority whose store has another thread does. */
const authority: CallAuthority = {
  reserve: ({ maxTokens }) =>
    new Promise((resolve) => {
      setImmediate(() => resolve({ kind: 'granted', maxTokens: maxTokens - 1, reservedNanos: 1 }));
    }),
  settle: () => Promise.resolve(),
};

function rowsOf(
  name: string,
  [plain, gated, added]: [Measured, Measured, Measured],
): Array<Record<string, string | number>> {
  return (['p50', 'p99'] as const).map((quantity) => ({
    measure: `${name}, ${quantity} (ms)`,
    ours: gated[quantity],
    baseline: plain[quantity],
    ratio: gated[quantity] / plain[quantity],
    added: quantity === 'p50' ? added.p50 : gated.p99 - plain.p99,
    target: quantity === 'p50' ? '< 1 added' : '< 5 added',
  }));
}

/** Added latency and streaming rate of the gateway (in its thread, reserving and clamping) against the same server direct. */
export async function benchGateway(): Promise<Table> {
  const upstream = new Worker(UPSTREAM, { eval: true });
  const port = await new Promise<number>((resolve) => upstream.once('message', resolve));
  const direct = `http://127.0.0.1:${port}`;
  const prices = new URL('../../resources/prices/anthropic.yaml', import.meta.url);
  const book = priceBook.parse(parse(readFileSync(prices, 'utf8')));
  const ignore = () => undefined;
  const gateway = createGateway({ authority, book, onUpstream: ignore, onFault: ignore, onExit: ignore });
  const { origin } = await gateway.start();
  gateway.setUpstreams([{ id: 'main', baseUrl: direct, auth: { kind: 'key', key: 'k' } }]);
  gateway.admit({ run: 'run_bench', token: 'bench', upstream: 'main' });
  const through = `${origin}/run/bench`;
  const agent = new http.Agent({ keepAlive: true });
  try {
    const small = await compare(agent, direct, through, 40_000);
    const large = await compare(agent, direct, through, 800_000);
    const ours = await bytesPerSecond(agent, through);
    const baseline = await bytesPerSecond(agent, direct);
    const rate = {
      measure: 'streamed (MB/s)',
      ours,
      baseline,
      ratio: ours / baseline,
      added: '',
      target: '',
    };
    return {
      name: 'gateway',
      rows: [...rowsOf('10k tokens (40 KB)', small), ...rowsOf('200k tokens (800 KB)', large), rate],
      notes: [
        `${ROUNDS} calls each, alternating; baseline is the same server without the gateway`,
        'each call through the gateway is parsed, estimated, reserved on the main thread, clamped, metered and settled',
        'the reservation is answered from memory on the main thread: a durable one adds a flush of the journal',
        'client, gateway and server share the machine; added p50 is the median of paired differences',
      ],
    };
  } finally {
    agent.destroy();
    await gateway.stop();
    await upstream.terminate();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) printTable(await benchGateway());
