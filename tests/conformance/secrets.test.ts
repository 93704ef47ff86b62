import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createFileSecrets } from '#main/adapters/embedded/secrets/index.ts';
import { secretStoreConformance } from '#main/ports/secrets/conformance.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function file(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-secrets-'));
  folders.push(folder);
  return join(folder, 'secrets.json');
}

secretStoreConformance('file', async () => {
  const path = await file();
  return { store: createFileSecrets(path), reopen: () => createFileSecrets(path) };
});

it('is readable by its owner alone', async () => {
  const path = await file();
  await createFileSecrets(path).write('apiKey', 'x');
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
});
