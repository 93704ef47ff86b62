import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handle } from '../src/api.js';
import { createStore } from '../src/store.js';

test('creates and lists', () => {
  const store = createStore();
  const created = handle(store, { method: 'POST', path: '/api/todos', body: { title: 'milk' } });
  assert.equal(created.status, 201);
  assert.equal(handle(store, { method: 'GET', path: '/api/todos' }).body.length, 1);
});

test('says what is wrong', () => {
  const answer = handle(createStore(), { method: 'POST', path: '/api/todos', body: {} });
  assert.equal(answer.status, 400);
});
