import http from 'node:http';

/** What the client of the gateway bench is asked: the same calls to two addresses, in turn. */
export interface ClientQuestion {
  readonly direct: string;
  readonly through: string;
  readonly kind: 'call' | 'stream';
  /** Bytes of a request's body. */
  readonly bytes: number;
  readonly rounds: number;
  /** Milliseconds before each call, in which an agent would run a tool; 0 calls again at once. */
  readonly pauseMs: number;
}

/** Milliseconds of each call, or bytes a millisecond of each stream, round by round. */
export interface ClientAnswer {
  readonly direct: readonly number[];
  readonly through: readonly number[];
}

const WARM_UP = 60;
const agent = new http.Agent({ keepAlive: true });

/** One conversation of about that many bytes; the last message differs each time, as in a running session. */
function conversation(bytes: number): (turn: number) => Buffer {
  const line = 'export function add(a: number, b: number): number {\n  return a + b; // "sum"\n}\n';
  const text = line.repeat(Math.ceil((bytes - 400) / (line.length + 5)));
  const start = JSON.stringify({ model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: text }] });
  const shared = Buffer.from(start.slice(0, -2));
  return (turn) => {
    const id = `toolu_${turn}`;
    const added = JSON.stringify([
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'Read', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: `turn ${turn}` }] },
    ]);
    return Buffer.concat([shared, Buffer.from(`,${added.slice(1)},"max_tokens":8192,"stream":true}`)]);
  };
}

function callOnce(base: string, body: Buffer, big: boolean): Promise<{ ms: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-length': body.length,
      'content-type': 'application/json',
      ...(big ? { 'x-big': '1' } : {}),
    };
    const from = performance.now();
    const request = http.request(`${base}/v1/messages`, { method: 'POST', agent, headers }, (response) => {
      let bytes = 0;
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ ms: performance.now() - from, bytes }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Alternates the two addresses call by call, and which of them is first, so that both meet the same machine. */
async function measure({ direct, through, kind, bytes, rounds, pauseMs }: ClientQuestion): Promise<ClientAnswer> {
  const bodyOf = conversation(bytes);
  const found: { direct: number[]; through: number[] } = { direct: [], through: [] };
  const warmUp = kind === 'call' ? WARM_UP : 1;
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const body = bodyOf(round);
    for (const way of round % 2 === 0 ? (['direct', 'through'] as const) : (['through', 'direct'] as const)) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const { ms, bytes: answered } = await callOnce(way === 'direct' ? direct : through, body, kind === 'stream');
      if (round >= warmUp) found[way].push(kind === 'call' ? ms : answered / ms);
    }
  }
  return found;
}

process.on('message', (question: ClientQuestion) => {
  void measure(question).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));
