import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createDoor, type Door } from './door.ts';
import { serveBehind } from './server.ts';
import { serverFileOf } from './server-file.ts';
import { createFake, TEST_FAULT } from './test-support.ts';

let fake: ReturnType<typeof createFake>;
let home = '';
let door: Door;
let origin = '';
let token = '';

beforeEach(async () => {
  fake = createFake();
  home = await mkdtemp(join(tmpdir(), 'aios-door-'));
  await writeFile(join(home, 'index.html'), '<!doctype html><head><title>AIOS</title></head>');
  door = createDoor({ home, renderer: home, version: '0.1.0', now: Date.now });
  const served = await door.listen(0);
  if (!served.ok) throw new Error(served.error.what);
  ({ origin, token } = served.value);
});
afterEach(async () => {
  await door.close();
  await rm(home, { recursive: true, force: true });
});

const bearer = () => ({ authorization: `Bearer ${token}` });

function openDoor(): void {
  serveBehind(door, { operations: fake.operations, version: '0.1.0', mcp: async () => undefined });
}

test('the page and logging in are there before the orchestrator', async () => {
  expect(door.wasVisited()).toBe(false);
  expect(await (await fetch(`${origin}/login`)).text()).toContain('AIOS');
  await door.visited;
  expect(door.wasVisited()).toBe(true);
  const code = new URL(door.served().oneTimeLink()).hash.slice(1);
  const headers = { origin, 'content-type': 'application/json' };
  const login = (body: object) => fetch(`${origin}/api/login`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect((await login({ code, more: 1 })).status).toBe(401);
  expect((await login({ code })).status).toBe(200);
  expect((await login({ code: 'x'.repeat(10_000) })).status).toBe(400);
  expect((await fetch(`${origin}/api/login`, { method: 'POST', headers: { origin }, body: 'code' })).status).toBe(400);
});

test('who is let in waits for the orchestrator; who is not hears so at once', async () => {
  const refused = await fetch(`${origin}/api/goals`);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('cache-control')).toBe('no-store');
  const post = (headers: Record<string, string>) =>
    fetch(`${origin}/api/first-snapshot`, { method: 'POST', headers: { origin, ...headers } });
  expect((await post({})).status).toBe(401);
  const waiting = fetch(`${origin}/api/system`, { headers: bearer() });
  const first = post(bearer());
  openDoor();
  expect(await (await waiting).json()).toMatchObject({ version: '0.1.0' });
  expect(await (await first).json()).toEqual(structuredClone(fake.snapshot()));
  fake.fail('snapshot', TEST_FAULT);
  const refusedNow = await post(bearer());
  expect([refusedNow.status, await refusedNow.json()]).toEqual([503, { fault: TEST_FAULT }]);
});

test('a socket is open before the orchestrator is; what it asks is answered then', async () => {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: bearer() });
  await new Promise((resolve) => socket.once('open', resolve));
  const answer = new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
  socket.send(JSON.stringify({ i: '1', p: { u: '/system/info' } }));
  openDoor();
  expect(JSON.parse(await answer)).toMatchObject({ i: '1', p: { b: { json: { version: '0.1.0' } } } });
  socket.terminate();
});

test('a door that closes before anybody stood behind it cuts off who waits', async () => {
  const waiting = fetch(`${origin}/api/goals`, { headers: bearer() });
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: bearer() });
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.all([expect(waiting).rejects.toThrow(), door.close(), closed]);
  expect(existsSync(serverFileOf(home))).toBe(false);
});

test('who is let in is told what to show first, until the orchestrator stands behind the door', async () => {
  const session = async () => {
    const headers = { ...bearer(), 'content-type': 'application/json' };
    return (await fetch(`${origin}/api/session`, { method: 'POST', headers, body: '{}' })).json();
  };
  expect(await session()).toEqual({ ok: true, version: '0.1.0', first: null });
  door.showFirst('{"sequence":3}');
  expect(await session()).toMatchObject({ ok: true, first: { sequence: 3 } });
  const code = new URL(door.served().oneTimeLink()).hash.slice(1);
  const headers = { origin, 'content-type': 'application/json' };
  const login = await fetch(`${origin}/api/login`, { method: 'POST', headers, body: JSON.stringify({ code }) });
  expect(await login.json()).toMatchObject({ ok: true, first: { sequence: 3 } });
  expect(await (await fetch(`${origin}/api/session`, { method: 'POST', headers, body: '{}' })).text()).not.toContain(
    '3',
  );
  openDoor();
  expect(await session()).toMatchObject({ first: null });
});
