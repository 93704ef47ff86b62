import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { browseFolders } from './browse.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aios-browse-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('lists folders, marks repositories, leaves files and hidden folders out', async () => {
  await mkdir(join(root, 'app', '.git'), { recursive: true });
  await mkdir(join(root, 'notes'));
  await mkdir(join(root, '.cache'));
  await writeFile(join(root, 'file'), '');
  const found = await browseFolders(root);
  expect(found.ok && found.value.folders.map(({ name, repository }) => [name, repository])).toEqual([
    ['app', true],
    ['notes', false],
  ]);
});

it('says why a folder cannot be listed', async () => {
  await writeFile(join(root, 'file'), '');
  const found = await browseFolders(join(root, 'file'));
  expect(!found.ok && found.error).toMatchObject({ tag: 'folder-unreadable', why: 'The system says ENOTDIR.' });
});
