import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, post, requestBody, STREAM, startBench } from './test-support.ts';

/** Of `localhost`, signed by itself, for tests alone. */
const CERT = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUMoOFTMS5EkSoNjukpBldGQddaJ8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDIyMTYxM1oYDzIxMjYxMTA2
MjIxNjEzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATqGjhzSjhjxJtFs1FvhTKThtD6P+rhBgRiETkSar00/axGIZ1BoODH
6SGalUzkIgIs9r1UK2B3DBrmbkvowNKlo28wbTAdBgNVHQ4EFgQU+HiAfmA/gGFO
kYQ8JD6J+LI7AnEwHwYDVR0jBBgwFoAU+HiAfmA/gGFOkYQ8JD6J+LI7AnEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgGLTW95cnknq1SqcPSF0uIqX1SPhWp7aEchd+/9wrdggCIBzH
0b33vBXSf9oWCL+XnrXql+rL4xd7v7fiZ9G9MTFa
-----END CERTIFICATE-----`;
const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1yGnP8/UevKz2AmP
IaeRIAen+qbcTtOviZQIOEsPu6ChRANCAATqGjhzSjhjxJtFs1FvhTKThtD6P+rh
BgRiETkSar00/axGIZ1BoODH6SGalUzkIgIs9r1UK2B3DBrmbkvowNKl
-----END PRIVATE KEY-----`;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const SIZED = `${HEAD}content-length: ${Buffer.byteLength(STREAM)}\r\n\r\n${STREAM}`;

let bench: Bench;
let server: net.Server;
let sockets: Socket[];
let calls: number;
/** What the upstream does with the n-th request, on a connection that is the m-th. */
let play: (socket: Socket, call: number) => void;

/** Serves whole requests, whose bodies hold no empty line. */
function serve(socket: Socket): void {
  sockets.push(socket);
  let heard = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    const end = heard.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
    if (end < 0 || heard.length < end + 4 + length) return;
    heard = '';
    calls += 1;
    play(socket, calls);
  });
}

async function lead(to: net.Server, scheme: 'http' | 'https'): Promise<void> {
  server = to.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  bench.gateway.setUpstreams([
    { id: 'main', baseUrl: `${scheme}://localhost:${port}`, auth: { kind: 'key', key: 'k' } },
  ]);
}

beforeEach(async () => {
  bench = await startBench();
  sockets = [];
  calls = 0;
});
afterEach(async () => {
  await bench.stop();
  for (const socket of sockets) socket.destroy();
  server.close();
});

async function answers(count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) texts.push(await (await post(bench.url)).text());
  return texts;
}

describe('connections to an upstream', () => {
  it('are used again, whatever form the answers have', async () => {
    await lead(net.createServer(serve), 'http');
    const chunked = STREAM.replace(
      /[\s\S]{1,50}/g,
      (piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`,
    );
    play = (socket, call) => {
      if (call === 2) socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`);
      else socket.write(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${SIZED}`);
    };
    expect(await answers(3)).toEqual([STREAM, STREAM, STREAM]);
    expect(sockets).toHaveLength(1);
  });

  it.each([
    ['it says so', `${HEAD}connection: close\r\ncontent-length: ${Buffer.byteLength(STREAM)}\r\n\r\n${STREAM}`],
    ['it keeps none for a second', SIZED.replace('\r\n', '\r\nkeep-alive: timeout=1\r\n')],
    ['more came than was asked for', `${SIZED}HTTP/1.1 200 OK\r\n`],
  ])('are not used again where %s', async (_name, answer) => {
    await lead(net.createServer(serve), 'http');
    play = (socket) => socket.write(answer);
    expect(await answers(2)).toEqual([STREAM, STREAM]);
    expect(sockets).toHaveLength(2);
  });

  it('that end with the answer, end it', async () => {
    await lead(net.createServer(serve), 'http');
    play = (socket) => socket.end(`${HEAD}\r\n${STREAM}`);
    expect(await answers(2)).toEqual([STREAM, STREAM]);
  });

  it('that were closed meanwhile cost a call nothing but a new one', async () => {
    await lead(net.createServer(serve), 'http');
    play = (socket, call) => {
      if (call === 2) socket.destroy();
      else socket.write(SIZED);
    };
    await answers(1);
    const second = post(bench.url);
    await bench.clock.scheduled(500);
    bench.clock.advance(500);
    expect(await (await second).text()).toBe(STREAM);
    expect(calls).toBe(3);
    await bench.authority.settled(2);
    expect(bench.authority.outcomes.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it.each([
    ['an answer began', 'HTTP/1.1 200 OK\r\n'],
    ['its first answer was a hint', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ])('that break after %s are not tried again: the call may have been worked on', async (_name, start) => {
    await lead(net.createServer(serve), 'http');
    play = (socket, call) => {
      if (call === 1) socket.write(SIZED);
      else socket.end(start);
    };
    await answers(1);
    expect((await post(bench.url)).status).toBe(402);
    await bench.authority.settled(2);
    expect(bench.authority.outcomes[1]).toMatchObject({ status: 'failed', usage: null, nanos: null });
    expect(calls).toBe(2);
  });

  it.each([
    ['a length and chunks', `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['no HTTP', 'SSH-2.0-OpenSSH_9\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}`],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
  ])('on which %s comes are closed, and the turn ends', async (_name, answer) => {
    await lead(net.createServer(serve), 'http');
    play = (socket) => socket.write(answer);
    const response = await post(bench.url);
    expect(response.status).toBe(402);
    expect(await response.text()).toMatch(/does not answer in HTTP/);
    const [socket] = sockets;
    if (socket && !socket.destroyed) await once(socket, 'close');
  });

  it('take no more than the agent does, and lose nothing of a long answer', async () => {
    await lead(net.createServer(serve), 'http');
    const event = `event: content_block_delta\ndata: {"type":"content_block_delta","x":"${'y'.repeat(3000)}"}\n\n`;
    const long = STREAM.replace('event: content_block_stop', `${event.repeat(3000)}event: content_block_stop`);
    play = (socket) => socket.write(SIZED.replace(/\d+\r\n\r\n[\s\S]*/, `${Buffer.byteLength(long)}\r\n\r\n${long}`));
    expect(await answers(2)).toEqual([long, long]);
    expect(sockets).toHaveLength(1);
  });

  it('carry a body that is larger than any buffer', async () => {
    await lead(net.createServer(serve), 'http');
    play = (socket) => socket.write(SIZED);
    const body = requestBody({ messages: [{ role: 'user', content: 'z'.repeat(3_000_000) }] });
    expect(await (await post(bench.url, body)).text()).toBe(STREAM);
  });
});

describe('connections by TLS', () => {
  const trusted = tls.getCACertificates('default');
  afterEach(() => tls.setDefaultCACertificates(trusted));

  it('carry calls where the certificate is trusted', async () => {
    tls.setDefaultCACertificates([CERT]);
    await lead(tls.createServer({ cert: CERT, key: TEST_KEY, ALPNProtocols: ['http/1.1'] }, serve), 'https');
    play = (socket) => socket.write(SIZED);
    expect(await answers(2)).toEqual([STREAM, STREAM]);
    expect(sockets).toHaveLength(1);
  });

  it('carry none where it is not', async () => {
    await lead(tls.createServer({ cert: CERT, key: TEST_KEY }, serve), 'https');
    const sent = post(bench.url);
    for (const wait of [500, 1000, 2000]) {
      await bench.clock.scheduled(wait);
      bench.clock.advance(wait);
    }
    const response = await sent;
    expect(response.status).toBe(402);
    expect(await response.text()).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(calls).toBe(0);
  });
});
