import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createHttpServer, readServerFile, serverFileOf } from './index.ts';
import { readRemembered } from './remembered.ts';
import { createFake, serveFake, TEST_FAULT } from './test-support.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(extra: Parameters<typeof serveFake>[1] = {}) {
  const fake = createFake();
  const served = await serveFake(fake, extra);
  closers.push(served.close);
  return { ...served, fake };
}

/** Sends exactly these headers; `fetch` would not let us lie. */
function raw(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string | string[]>,
  body = '',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers, setHost: headers['host'] === undefined },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('every route and method refuses without a token, except health', async () => {
  const { port } = await start();
  const paths = [
    '/readyz',
    '/rpc',
    '/mcp',
    '/api/openapi.json',
    '/api/session',
    '/api/login',
    '/api/login-link',
    '/api/snapshot',
    '/api/goals',
    '/api/goals/stop',
    '/api/system',
    '/api/system/shutdown',
    '/api/projects',
    '/api/inbox/answer',
    '/api/feed/watch',
    '/api/nothing',
  ];
  const open: string[] = [];
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const answer = await raw(
        port,
        method,
        path,
        { 'content-type': 'application/json' },
        method === 'POST' ? '{}' : '',
      );
      const unknown = answer.status === 404 && ['/readyz', '/rpc'].includes(path) && method === 'POST';
      if (answer.status !== 401 && answer.status !== 403 && !unknown) open.push(`${method} ${path} ${answer.status}`);
    }
  }
  expect(open).toEqual([]);
  expect(await raw(port, 'GET', '/healthz', {})).toMatchObject({ status: 200, text: '{"ok":true}' });
});

test('a route that does not say who may use it cannot be registered', async () => {
  const { default: Fastify } = await import('fastify');
  const { addAccessHooks } = await import('./access-hooks.ts');
  const { createAccess } = await import('./access.ts');
  const app = Fastify();
  addAccessHooks(app, createAccess(Date.now), () => 1);
  expect(() => app.get('/open', async () => 'hello')).toThrow('does not say who may use it');
});

test('wrong tokens of every shape are refused', async () => {
  const { port, token } = await start();
  const wrong = ['', token.slice(1), `${token}x`, token.toUpperCase(), 'x'.repeat(10_000)];
  const answers = await Promise.all(wrong.map((each) => raw(port, 'GET', '/readyz', bearer(each))));
  expect(answers.map((each) => each.status)).toEqual([401, 401, 401, 401, 401]);
  expect((await raw(port, 'GET', `/readyz?token=${token}`, {})).status).toBe(401);
});

test('foreign hosts and origins are refused even with the token', async () => {
  const { port, token } = await start();
  const hosts = [
    'evil.com',
    `evil.com:${port}`,
    `localhost.evil.com:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `localhost.:${port}`,
    `user@localhost:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
  ];
  for (const host of hosts)
    expect((await raw(port, 'GET', '/readyz', { ...bearer(token), host })).status, host).toBe(403);
  const origins = [
    'null',
    'https://evil.com',
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://127.0.0.1:${port}.evil.com`,
    `http://user@127.0.0.1:${port}`,
    `http://127.0.0.1:${port}/`,
    `HTTP://127.0.0.1:${port}`,
  ];
  for (const origin of origins)
    expect((await raw(port, 'GET', '/readyz', { ...bearer(token), origin })).status, origin).toBe(403);
  expect((await raw(port, 'GET', '/readyz', { ...bearer(token), origin: `http://localhost:${port}` })).status).toBe(
    200,
  );
  expect((await raw(port, 'GET', '/healthz', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
});

test('a link logs one browser in once', async () => {
  const { port, origin, oneTimeLink } = await start();
  const code = new URL(oneTimeLink()).hash.slice(1);
  const login = (headers: Record<string, string>) =>
    raw(port, 'POST', '/api/login', { 'content-type': 'application/json', ...headers }, JSON.stringify({ code }));
  expect((await login({})).status).toBe(403);
  const first = await login({ origin });
  expect(first.status).toBe(200);
  expect((await login({ origin })).status).toBe(401);
  const [cookie = ''] = first.headers['set-cookie'] as string[];
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
  const session = { cookie: cookie.split(';')[0] ?? '' };
  expect((await raw(port, 'POST', '/api/session', { ...session, origin })).status).toBe(200);
  expect((await raw(port, 'POST', '/api/session', session)).status).toBe(401);
  expect((await raw(port, 'POST', '/api/login-link', { ...session, origin })).status).toBe(401);
});

test('who logged in just before the end is known to the next start', async () => {
  const { port, origin, oneTimeLink, server, home } = await start();
  const json = { 'content-type': 'application/json' };
  // Several, each written after the one before: the last is under way when the server is told to end.
  const logins = Array.from({ length: 8 }, () => new URL(oneTimeLink()).hash.slice(1)).map((code) =>
    raw(port, 'POST', '/api/login', { origin, ...json }, JSON.stringify({ code })),
  );
  await Promise.all(logins);
  await server.close();
  expect(readRemembered(home).port).toBe(port);
  expect(readRemembered(home).sessions).toHaveLength(logins.length);
});

test('a code is good for five minutes', async () => {
  let now = 1_000_000;
  const { port, origin, oneTimeLink } = await start({ now: () => now });
  const code = new URL(oneTimeLink()).hash.slice(1);
  now += 5 * 60_000 + 1;
  const answer = await raw(
    port,
    'POST',
    '/api/login',
    { origin, 'content-type': 'application/json' },
    JSON.stringify({ code }),
  );
  expect(answer.status).toBe(401);
});

test('the server file is for its owner, and goes with the server', async () => {
  const { home, origin, token, server } = await start();
  expect(await readServerFile(home)).toMatchObject({ origin, token, pid: process.pid });
  expect(statSync(serverFileOf(home)).mode & 0o777).toBe(0o600);
  await server.close();
  expect(existsSync(serverFileOf(home))).toBe(false);
});

test('a taken port is a fault', async () => {
  const { port, home, fake } = await start();
  const second = createHttpServer({
    operations: fake.operations,
    home,
    renderer: null,
    version: '0',
    now: Date.now,
    mcp: async () => {},
  });
  expect(await second.listen(port)).toMatchObject({ ok: false, error: { tag: 'port-in-use' } });
});

test('numbers in an address are numbers, and what is none is refused', async () => {
  const { port, token, fake } = await start();
  const ask = (query: string) => raw(port, 'GET', `/api/history?${query}`, bearer(token));
  expect((await ask('goal=7&after=3&limit=20')).status).toBe(200);
  // An id stays a text, also where it looks like a number.
  expect(fake.calls.at(-1)).toEqual({ name: 'history', input: { goal: '7', after: 3, limit: 20 } });
  for (const wrong of ['after=x', 'after=1.5', 'limit=0', 'limit=5000', 'after=']) {
    expect((await ask(`goal=g&${wrong}`)).status, wrong).toBe(400);
  }
  expect(fake.calls).toHaveLength(1);
});

test('the contract is served as OpenAPI, with faults as data', async () => {
  const { port, token, fake } = await start();
  const described = await raw(port, 'GET', '/api/openapi.json', bearer(token));
  expect(JSON.parse(described.text)).toMatchObject({
    openapi: expect.stringMatching(/^3\.1/),
    paths: { '/goals': { post: {} } },
  });
  expect(JSON.parse((await raw(port, 'GET', '/api/system', bearer(token))).text)).toMatchObject({ version: '0.1.0' });
  fake.fail('stop', TEST_FAULT);
  const send = (path: string, body: string) =>
    raw(port, 'POST', path, { ...bearer(token), 'content-type': 'application/json' }, body);
  const failed = await send('/api/goals/stop', '{"goal":"goal_1"}');
  expect(failed.status).toBe(409);
  expect(JSON.parse(failed.text)).toMatchObject({ code: 'REFUSED', data: TEST_FAULT });
  expect((await send('/api/goals/stop', '{"goal":7}')).status).toBe(400);
  expect((await send('/api/goals/stop', `${'['.repeat(10_000)}${']'.repeat(10_000)}`)).status).toBe(400);
  expect((await send('/api/goals/stop', '{"goal":"g","__proto__":{"polluted":true}}')).status).toBe(400);
  expect((await send('/api/nothing', '{}')).status).toBe(404);
  expect(fake.calls.filter((call) => call.name === 'stop')).toHaveLength(1);
});

test('the page is served under its policy; unknown files and paths outside are not', async () => {
  const renderer = await mkdtemp(join(tmpdir(), 'aios-page-'));
  await mkdir(join(renderer, 'assets'));
  await writeFile(join(renderer, 'index.html'), '<!doctype html><title>AIOS</title>');
  await writeFile(join(renderer, 'assets', 'a.js'), '1');
  const { port, token } = await start({ renderer });
  const page = await raw(port, 'GET', '/login', {});
  expect(page.text).toContain('AIOS');
  expect(page.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect((await raw(port, 'GET', '/assets/a.js', {})).headers['cache-control']).toContain('immutable');
  for (const path of ['/assets/b.js', '/../../etc/passwd.txt', '/%2e%2e/%2e%2e/etc/hosts.conf', '/.env'])
    expect([400, 403, 404], path).toContain((await raw(port, 'GET', path, {})).status);
  expect((await raw(port, 'GET', '/api/nothing', bearer(token))).status).toBe(404);
});

test('each page has a nonce of its own for styles, in its policy and in itself; nothing else has one', async () => {
  const renderer = await mkdtemp(join(tmpdir(), 'aios-page-'));
  await writeFile(join(renderer, 'index.html'), '<!doctype html><html><head><title>AIOS</title></head></html>');
  await writeFile(join(renderer, 'a.js'), '1');
  const { port } = await start({ renderer });
  const nonces = [];
  for (const path of ['/', '/graph']) {
    const page = await raw(port, 'GET', path, {});
    const nonce = /<meta name="csp-nonce" content="([\w-]{22})" \/>/.exec(page.text)?.[1];
    expect(page.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    nonces.push(nonce);
  }
  expect(new Set(nonces).size).toBe(2);
  const file = await raw(port, 'GET', '/a.js', {});
  expect(file.headers['content-security-policy']).toContain("style-src 'self';");
  expect(file.headers['content-security-policy']).toContain("script-src 'self';");
});

test('mcp is for agents: pages are refused, the body reaches the handler untouched', async () => {
  let received = '';
  const { port } = await start({
    mcp: async (request, response) => {
      for await (const chunk of request) received += String(chunk);
      response.writeHead(200).end('{}');
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  expect((await raw(port, 'POST', '/mcp', { origin }, '{}')).status).toBe(403);
  expect((await raw(port, 'POST', '/mcp', { 'content-type': 'application/json' }, '{"a": 1}')).status).toBe(200);
  expect(received).toBe('{"a": 1}');
});
