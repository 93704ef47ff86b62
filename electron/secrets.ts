import { readFile, rename, writeFile } from 'node:fs/promises';
import { safeStorage } from 'electron';
import { z } from 'zod';
import type { SecretStore } from '#main/index.ts';

const content = z.record(z.string(), z.base64());

/** Whether the system encrypts for us. `basic_text` is a fixed key that anybody has. */
export async function hasKeychain(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

async function demandKeychain(): Promise<void> {
  if (!(await hasKeychain())) throw new Error('The system has no keychain, so nothing is kept.');
}

/** Secrets encrypted by the system's keychain, in a file of mode 0600. Rejects where there is no keychain. */
export function createSafeSecrets(file: string): SecretStore {
  let last: Promise<unknown> = Promise.resolve();

  async function readAll(): Promise<Record<string, string>> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return content.parse(JSON.parse(text));
  }

  function change(edit: (all: Record<string, string>) => Promise<Record<string, string>>): Promise<void> {
    const done = last.then(async () => {
      const fresh = `${file}.${process.pid}.new`;
      await writeFile(fresh, JSON.stringify(await edit(await readAll())), { mode: 0o600 });
      await rename(fresh, file);
    });
    last = done.catch(() => undefined);
    return done;
  }

  const encrypted = async (value: string) => (await safeStorage.encryptStringAsync(value)).toString('base64');

  async function write(name: string, value: string): Promise<void> {
    await demandKeychain();
    await change(async (all) => ({ ...all, [name]: await encrypted(value) }));
  }

  return {
    kept: 'the system’s keychain',
    async read(name) {
      const kept = (await readAll())[name];
      if (kept === undefined) return undefined;
      await demandKeychain();
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(kept, 'base64'));
      if (shouldReEncrypt) await write(name, result);
      return result;
    },
    write,
    remove: (name) => change(async (all) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))),
  };
}

/** Secrets that are gone with this process: better than a file that anybody can read. */
export function createMemorySecrets(): SecretStore {
  const kept = new Map<string, string>();
  return {
    kept: 'memory, until AIOS ends',
    read: async (name) => kept.get(name),
    write: async (name, value) => void kept.set(name, value),
    remove: async (name) => void kept.delete(name),
  };
}
