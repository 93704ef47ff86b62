// What the goal means, checked from outside: run in a checkout of the result. No script can reach this file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { createServer } = await import(pathToFileURL(join(process.cwd(), 'src/server.js')).href);
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const post = (body) => fetch(`${origin}/api/links`, { method: 'POST', body: JSON.stringify(body) });
const list = async (query = '') => (await fetch(`${origin}/api/links?query=${query}`)).json();
try {
  assert.equal((await post({ url: 'https://nodejs.org', title: 'Node', tags: ['runtime'] })).status, 201);
  assert.equal((await post({ url: 'https://sqlite.org', title: '<b>SQLite</b>', tags: ['store'] })).status, 201);
  assert.equal((await post({ url: 'javascript:alert(1)' })).status, 400);
  assert.deepEqual(
    (await list()).map((link) => link.url),
    ['https://sqlite.org', 'https://nodejs.org'],
  );
  assert.deepEqual(
    (await list('RUNTIME')).map((link) => link.title),
    ['Node'],
  );
  assert.equal((await fetch(`${origin}/api/health`)).status, 200);
  const page = await (await fetch(`${origin}/`)).text();
  for (const part of ['name="url"', 'name="tags"', 'type="search"']) assert.ok(page.includes(part), `no ${part}`);
  const view = await import(pathToFileURL(join(process.cwd(), 'public/view.js')).href);
  assert.match(view.renderList(await list()), /&lt;b&gt;SQLite/);
} finally {
  server.close();
}
const readme = await readFile('README.md', 'utf8');
assert.doesNotMatch(readme, /<<<<<<<|>>>>>>>/);
assert.match(readme, /`src\/store\.js`/);
assert.match(readme, /`public`/);
assert.match(await readFile('.github/workflows/test.yml', 'utf8'), /npm test/);
assert.match(await readFile('Dockerfile', 'utf8'), /\/api\/health/);
assert.match(await readFile('docs/operations.md', 'utf8'), /\/api\/health/);
assert.match(await readFile('CHANGELOG.md', 'utf8'), /1\.0\.0/);
process.stdout.write('the goal is met\n');
