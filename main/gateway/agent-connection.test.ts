import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveConnection } from './agent-connection.ts';
import { type Bench, requestBody, STREAM, startBench, streamed } from './test-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  bench.upstream.answer((response) => streamed(response));
});
afterEach(() => bench.stop());

/** A connection on which a test says every byte. */
function dial() {
  const { hostname, port } = new URL(bench.url);
  const socket = net.connect(Number(port), hostname);
  let heard = '';
  const looks = new Set<() => void>();
  const look = () => {
    for (const each of looks) each();
  };
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    look();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(heard)));
  return {
    socket,
    closed,
    send: (text: string) => void socket.write(text, 'latin1'),
    /** Resolves with all that was heard once it matches. */
    until: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const check = () => {
          if (!pattern.test(heard)) return;
          looks.delete(check);
          resolve(heard);
        };
        looks.add(check);
        check();
      }),
  };
}

const PATH = '/run/token-1/v1/messages';
const head = (...lines: string[]) => [`POST ${PATH} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n');
const BODY = requestBody();
const CALL = head(`Content-Length: ${BODY.length}`) + BODY;
/** That many whole answers. */
const ANSWERS = (count: number) => new RegExp(String.raw`(message_stop"}\n\n\r\n0\r\n\r\n[\s\S]*){${count}}`);

describe('a connection of an agent', () => {
  it('takes a request byte by byte, and another after it', async () => {
    const line = dial();
    for (const byte of CALL) line.send(byte);
    await line.until(ANSWERS(1));
    line.send(CALL);
    const heard = await line.until(ANSWERS(2));
    expect(heard.match(/^HTTP\/1\.1 200 OK/gm)).toHaveLength(2);
    expect(heard).toMatch(/^keep-alive: timeout=60\r$/m);
    expect(bench.upstream.received.map(({ body }) => body)).toEqual([BODY, BODY]);
    line.socket.destroy();
  });

  it('answers requests that were sent at once one after the other', async () => {
    const line = dial();
    line.send(`\r\n${CALL}${CALL}${CALL}`);
    await line.until(ANSWERS(3));
    expect(bench.upstream.received).toHaveLength(3);
    line.socket.destroy();
  });

  it('takes a body in chunks, and closes where it is asked to', async () => {
    const line = dial();
    const chunks = BODY.replace(/[\s\S]{1,16}/g, (piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
    line.send(`${head('Transfer-Encoding: chunked', 'Connection: close')}${chunks}0\r\n\r\n`);
    expect(await line.closed).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*connection: close/);
    expect(bench.upstream.received[0]?.body).toBe(BODY);
    expect(bench.upstream.received[0]?.headers['content-length']).toBe(String(BODY.length));
  });

  it('asks for a body that waits to be asked for, and refuses other expectations', async () => {
    const line = dial();
    line.send(head(`Content-Length: ${BODY.length}`, 'Expect: 100-continue'));
    await line.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    line.send(BODY);
    await line.until(ANSWERS(1));
    line.socket.destroy();
    const other = dial();
    other.send(head('Content-Length: 2', 'Expect: miracles'));
    expect(await other.until(/417/)).toMatch(/^HTTP\/1\.1 417 /);
    other.socket.destroy();
  });

  it.each([
    ['a length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two lengths', head('Content-Length: 5', 'Content-Length: 6')],
    ['a folded line', head('X-A: b', ' c')],
    ['no host', `POST ${PATH} HTTP/1.1\r\n\r\n`],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['chunks that are none', `${head('Transfer-Encoding: chunked')}zz\r\n`],
  ])('refuses %s and closes, and reads nothing that follows', async (_name, bytes) => {
    const line = dial();
    line.send(bytes + CALL);
    await line.until(/^HTTP\/1\.1 400 /);
    line.socket.end();
    expect((await line.closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(bench.authority.requests).toEqual([]);
  });

  it('refuses a head that is too long, also one that does not end', async () => {
    for (const end of ['\r\n\r\n', '']) {
      const line = dial();
      line.send(`POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(40_000)}${end}`);
      await line.until(/^HTTP\/1\.1 431 /);
      line.socket.destroy();
    }
  });

  it('lets a refusal reach an agent that is still sending, and goes on with the next request', async () => {
    const line = dial();
    const large = 'x'.repeat(300_000);
    line.send(head(`Content-Length: ${large.length}`).replace('token-1', 'token-2'));
    line.send(large.slice(0, 100_000));
    await line.until(/^HTTP\/1\.1 402 /);
    line.send(large.slice(100_000) + CALL);
    await line.until(ANSWERS(1));
    line.socket.destroy();
  });

  it('takes an agent that closes its half for one that went away', async () => {
    const gone = new Promise((resolve) => {
      bench.upstream.answer((response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(STREAM.slice(0, 700));
      });
    });
    const line = dial();
    line.send(CALL);
    await line.until(/message_start/);
    line.socket.end();
    await gone;
    await bench.authority.settled(1);
    expect(bench.authority.outcomes[0]).toMatchObject({ status: 'cancelled' });
  });

  it('answers HTTP/1.0 without chunks, and HEAD without a body', async () => {
    const old = dial();
    old.send(`POST ${PATH} HTTP/1.0\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
    const heard = await old.closed;
    expect(heard.slice(heard.indexOf('\r\n\r\n') + 4)).toBe(Buffer.from(STREAM).toString('latin1'));
    const probe = dial();
    probe.send('HEAD /run/token-2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await probe.closed).toMatch(/^HTTP\/1\.1 402 [\s\S]*\r\n\r\n$/);
  });
});

describe('reading a connection', () => {
  it('puts every read into the same memory, where this Node lets it', async () => {
    const memories = new Set<ArrayBufferLike>();
    const read = Promise.withResolvers<string>();
    const server = net.createServer({ pauseOnConnect: true }, (socket) =>
      serveConnection(socket, {
        headBytes: 1_000,
        headMs: 10_000,
        requestMs: 10_000,
        idleMs: 10_000,
        onCall(request, response) {
          // Each piece is answered for, so that the next is another read.
          const piece = (bytes: Buffer) => {
            memories.add(bytes.buffer);
            line.write('two');
          };
          void request.readBody(6, piece).then(read.resolve);
          response.onGone(() => undefined);
        },
        onClose: () => undefined,
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const line = net.connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    line.on('error', () => undefined);
    line.write(head('Content-Length: 6'), () => line.write('one'));
    expect(await read.promise).toBe('whole');
    expect(memories.size).toBe(1);
    line.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
