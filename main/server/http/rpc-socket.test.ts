import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { STALLED_MS } from './slow-reader.ts';
import { createFake, serveFake } from './test-support.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(now: () => number = Date.now) {
  const fake = createFake();
  const served = await serveFake(fake, { now });
  closers.push(served.close);
  return { ...served, fake };
}

/** The status a handshake is answered with; 101 when it is accepted. */
function handshake(port: number, options: ClientOptions, path = '/rpc'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => {});
  });
}

async function connected(port: number, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

async function reply(socket: WebSocket): Promise<unknown> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString());
}

test('handshakes without a token, from foreign pages or for foreign hosts are refused before any state', async () => {
  const { port, token, fake } = await start();
  const authorization = `Bearer ${token}`;
  expect(await handshake(port, {})).toBe(401);
  expect(await handshake(port, { headers: { authorization: `Bearer ${token.slice(0, -1)}` } })).toBe(401);
  const origins = [
    'null',
    'http://evil.com',
    `http://localhost.evil.com:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://127.0.0.1.nip.io:${port}`,
    `http://LOCALHOST:${port}`,
    `http://localhost.:${port}`,
    `http://a@localhost:${port}`,
  ];
  for (const origin of origins) expect(await handshake(port, { headers: { authorization, origin } }), origin).toBe(403);
  for (const host of ['evil.com', `evil.com:${port}`, `localhost.:${port}`])
    expect(await handshake(port, { headers: { authorization, host } }), host).toBe(403);
  expect(await handshake(port, { headers: { authorization } }, '/other')).toBe(404);
  expect(await handshake(port, { headers: { authorization } }, `/rpc?token=${token}`)).toBe(404);
  expect(await handshake(port, { headers: { authorization } })).toBe(101);
  expect(fake.calls).toEqual([]);
});

test('a session cookie needs the page’s own origin', async () => {
  const { port, origin, oneTimeLink } = await start();
  const code = new URL(oneTimeLink()).hash.slice(1);
  const login = await fetch(`${origin}/api/login`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(await handshake(port, { headers: { cookie } })).toBe(401);
  expect(await handshake(port, { headers: { cookie, origin } })).toBe(101);
});

test('bad frames are answered, and the connection stays; eleven in a second end it', async () => {
  const { port, token } = await start();
  const socket = await connected(port, token);
  const bad = [
    '',
    '\u0000',
    'nonsense',
    '[]',
    '{"i":7}',
    `${'['.repeat(10_000)}`,
    '{"i":"1","p":{"u":"http://evil/"}}',
    '{"i":"1","p":{"u":"/x","b":{"__proto__":1}}}',
    '{"i":"1","t":3,"p":{}}',
  ];
  for (const frame of bad) {
    socket.send(frame);
    expect(await reply(socket)).toMatchObject({ p: { s: 400 } });
  }
  const code = closeCode(socket);
  for (let index = 0; index < 12; index += 1) socket.send('nonsense');
  expect(await code).toBe(1008);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('unknown procedures are answered and touch nothing', async () => {
  const { port, token, fake } = await start();
  const socket = await connected(port, token);
  for (const path of [
    '/goals/nothing',
    '/toString',
    '/goals/constructor',
    '/goals/__proto__',
    '/hasOwnProperty/call',
  ]) {
    socket.send(JSON.stringify({ i: '1', p: { u: path, b: { json: {} } } }));
    expect(await reply(socket), path).toMatchObject({ p: { s: 404 } });
  }
  expect(fake.calls).toEqual([]);
  socket.terminate();
});

test('input that does not fit is refused before it reaches an operation', async () => {
  const { port, token, fake } = await start();
  const socket = await connected(port, token);
  const inputs = [{}, { goal: 7 }, { goal: '' }, { goal: 'x'.repeat(5_000) }, null, 'goal'];
  for (const json of inputs) {
    socket.send(JSON.stringify({ i: '1', p: { u: '/goals/stop', b: { json } } }));
    expect(await reply(socket)).toMatchObject({ p: { s: 400 } });
  }
  expect(fake.calls).toEqual([]);
  socket.terminate();
});

test('binary, oversized and mis-encoded frames end the connection', async () => {
  const { port, token } = await start();
  const binary = await connected(port, token);
  const binaryCode = closeCode(binary);
  binary.send(Buffer.from([1, 2, 3]));
  expect(await binaryCode).toBe(1003);
  const large = await connected(port, token);
  const largeCode = closeCode(large);
  large.send('x'.repeat(4 * 1024 * 1024 + 1));
  expect([1006, 1009]).toContain(await largeCode);
  const broken = await connected(port, token);
  const brokenCode = closeCode(broken);
  broken.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect([1006, 1007]).toContain(await brokenCode);
});

test('a watcher is released when its connection ends', async () => {
  const { port, token, fake } = await start();
  const socket = await connected(port, token);
  socket.send(JSON.stringify({ i: '1', p: { u: '/feed/watch', b: { json: { after: 0 } } } }));
  await reply(socket);
  expect(fake.watchers).toBe(1);
  socket.terminate();
  await expect.poll(() => fake.watchers).toBe(0);
});

test('a client that does not read is cut, and others are not', async () => {
  const { port, token, fake } = await start();
  const [slow, other] = [await connected(port, token), await connected(port, token)];
  for (const socket of [slow, other])
    socket.send(JSON.stringify({ i: '1', p: { u: '/feed/watch', b: { json: { after: 0 } } } }));
  await expect.poll(() => fake.watchers).toBe(2);
  slow.pause();
  const text = 'x'.repeat(1_000_000);
  for (let sent = 0; sent < 60 && fake.watchers > 1; sent += 1) {
    fake.publish('goal/goal_1', { type: 'goal.paused', by: 'ceo' }, { t: text });
    await once(other, 'message');
  }
  await expect.poll(() => fake.watchers).toBe(1);
  expect(other.readyState).toBe(WebSocket.OPEN);
  slow.terminate();
  other.terminate();
});

/** A watcher, with the texts it was sent, by their first character and length. */
async function watching(port: number, token: string) {
  const socket = await connected(port, token);
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => {
    for (const [, text = ''] of data.toString().matchAll(/"t":"([^"]*)"/g)) heard.push(`${text[0]}${text.length}`);
  });
  socket.send(JSON.stringify({ i: '1', p: { u: '/feed/watch', b: { json: { after: 0 } } } }));
  return { socket, heard };
}

const LARGE = 48 * 1024 * 1024;
const paused = { type: 'goal.paused', by: 'ceo' } as const;

test('a client that reads a large frame is not cut by what follows it', async () => {
  const { port, token, fake } = await start();
  const { socket, heard } = await watching(port, token);
  await expect.poll(() => fake.watchers).toBe(1);
  fake.publish('goal/goal_1', paused, { t: 'x'.repeat(LARGE) });
  const next = ['a', 'b', 'c', 'd', 'e'];
  for (const text of next) {
    // Each in a turn of its own: a frame each, while the large one is still on its way.
    await new Promise((resolve) => setImmediate(resolve));
    fake.publish('goal/goal_1', paused, { t: text });
  }
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1 + next.length);
  expect(heard).toEqual([`x${LARGE}`, ...next.map((text) => `${text}1`)]);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});

test('a client that has stopped reading is cut once it has read nothing for a while', async () => {
  let now = 1_000_000;
  const { port, token, fake } = await start(() => now);
  const { socket } = await watching(port, token);
  await expect.poll(() => fake.watchers).toBe(1);
  socket.pause();
  fake.publish('goal/goal_1', paused, { t: 'x'.repeat(LARGE) });
  const publishSoon = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    fake.publish('goal/goal_1', paused, { t: 'a' });
    await new Promise((resolve) => setImmediate(resolve));
  };
  await publishSoon();
  now += STALLED_MS - 1;
  await publishSoon();
  expect(fake.watchers).toBe(1);
  now += STALLED_MS;
  await publishSoon();
  await expect.poll(() => fake.watchers).toBe(0);
  socket.terminate();
});
