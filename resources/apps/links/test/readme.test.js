import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

test('the README has no conflict markers', async () => {
  assert.doesNotMatch(await readFile(new URL('../README.md', import.meta.url), 'utf8'), /<<<<<<<|>>>>>>>/);
});
