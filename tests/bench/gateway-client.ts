import http from 'node:http';

/** The ways a call can take: to the server itself, through a pipe that does nothing else, through the gateway. */
export const WAYS = ['direct', 'pipe', 'through'] as const;
export type Way = (typeof WAYS)[number];

/** What the client of the gateway bench is asked: the same calls each way, in turn. */
export interface ClientQuestion {
  readonly bases: Readonly<Record<Way, string>>;
  readonly kind: 'call' | 'stream';
  /** Bytes of a request's body. */
  readonly bytes: number;
  readonly rounds: number;
  /** Milliseconds before each call, in which an agent would run a tool; 0 calls again at once. */
  readonly pauseMs: number;
}

/** Milliseconds of each call, or bytes a millisecond of each stream, round by round. */
export type ClientAnswer = Readonly<Record<Way, readonly number[]>>;

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

/** Goes each way in every round, another one first each time, so that all meet the same machine. */
async function measure({ bases, kind, bytes, rounds, pauseMs }: ClientQuestion): Promise<ClientAnswer> {
  const bodyOf = conversation(bytes);
  const found: Record<Way, number[]> = { direct: [], pipe: [], through: [] };
  const warmUp = kind === 'call' ? WARM_UP : 1;
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const body = bodyOf(round);
    for (let turn = 0; turn < WAYS.length; turn += 1) {
      const way = WAYS[(round + turn) % WAYS.length] ?? 'direct';
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const { ms, bytes: answered } = await callOnce(bases[way], body, kind === 'stream');
      if (round >= warmUp) found[way].push(kind === 'call' ? ms : answered / ms);
    }
  }
  return found;
}

process.on('message', (question: ClientQuestion) => {
  void measure(question).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit(0));
