import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore } from '../src/store.js';

test('adds, ticks off and removes', () => {
  const store = createStore();
  const { id } = store.add({ title: ' milk ' });
  assert.deepEqual(store.list()[0].title, 'milk');
  assert.equal(store.toggle(id).done, true);
  store.remove(id);
  assert.deepEqual(store.list(), []);
});

test('refuses a todo without a title', () => {
  assert.throws(() => createStore().add({ title: ' ' }), RangeError);
});
