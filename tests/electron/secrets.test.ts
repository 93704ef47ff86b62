import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretStoreConformance } from '#main/ports/secrets/conformance.ts';
import { chooseSecrets } from '../../electron/keep-secrets.ts';
import { createSafeSecrets } from '../../electron/secrets.ts';
import { folder, freshElectron } from './kit.ts';
import { stage } from './stand-in.ts';

freshElectron();

const open = async () => join(await folder(), 'secrets.json');

secretStoreConformance('the system’s keychain', async () => {
  const file = await open();
  return { store: createSafeSecrets(file), reopen: () => createSafeSecrets(file) };
});

describe('secrets of the desktop', () => {
  it('lie encrypted in a file of their owner', async () => {
    const file = await open();
    await createSafeSecrets(file).write('apiKey', 'sk-secret');
    expect(await readFile(file, 'utf8')).not.toContain('sk-secret');
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['the fixed key that anybody has', () => (stage.backend = 'basic_text')],
    ['a system without a keychain', () => (stage.keychain = false)],
  ])('are refused to %s', async (name, lose) => {
    const file = await open();
    await createSafeSecrets(file).write('apiKey', 'sk-before');
    lose();
    if (name.startsWith('the fixed') && process.platform !== 'linux') return;
    await expect(createSafeSecrets(file).write('apiKey', 'sk-secret')).rejects.toThrow(/^(?!.*sk-secret).*$/);
    await expect(createSafeSecrets(file).read('apiKey')).rejects.toThrow('no keychain');
    expect(await readFile(file, 'utf8')).not.toContain('secret');
  });

  it('stay in memory where there is no keychain, if the user agrees', async () => {
    stage.keychain = false;
    stage.answers = [0, 1];
    const store = await chooseSecrets(await folder());
    expect(store?.kept).toBe('memory, until AIOS ends');
    await store?.write('apiKey', 'one');
    expect(await store?.read('apiKey')).toBe('one');
    await store?.remove('apiKey');
    expect(await store?.read('apiKey')).toBeUndefined();
    expect(await chooseSecrets(await folder())).toBeNull();
  });
});
