// What the goal means, checked from outside: run in a checkout of the result. No script can reach this file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const from = (path) => import(pathToFileURL(join(process.cwd(), path)).href);
const { handle } = await from('src/api.js');
const { createStore } = await from('src/store.js');
const { renderList } = await from('public/view.js');

const store = createStore();
const post = (body) => handle(store, { method: 'POST', path: '/api/todos', body });
assert.equal(post({ title: 'late', dueDate: '2001-01-01' }).status, 201);
assert.equal(post({ title: 'some day' }).status, 201);
assert.equal(post({ title: 'never', dueDate: '2026-02-30' }).status, 400);
assert.deepEqual(
  store.list().map((todo) => todo.dueDate ?? null),
  ['2001-01-01', null],
);
assert.match(renderList(store.list()), /overdue/);
assert.match(await readFile('public/index.html', 'utf8'), /type="date"/);
assert.match(await readFile('README.md', 'utf8'), /dueDate[\s\S]*overdue|overdue[\s\S]*dueDate/);
assert.doesNotMatch(await readFile('README.md', 'utf8'), /<<<<<<<|>>>>>>>/);
process.stdout.write('the goal is met\n');
