import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderList } from '../public/view.js';

test('shows titles as text, not as markup', () => {
  assert.match(renderList([{ id: 1, title: '<b>', done: false }]), /&lt;b&gt;/);
});
