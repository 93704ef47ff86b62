// What the goal means, checked from outside: run in a checkout of the result. No script can reach this file.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const from = (path) => import(pathToFileURL(join(process.cwd(), path)).href);
const { handle } = await from('src/api.js');
const { createStore } = await from('src/store.js');
const answer = handle(createStore(), { method: 'POST', path: '/api/todos/7/toggle' });
assert.ok(answer.status === 400 || answer.status === 404);
process.stdout.write('the goal is met\n');
