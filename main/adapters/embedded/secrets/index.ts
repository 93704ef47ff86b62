import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SecretStore } from '#main/ports/secrets/port.ts';

const content = z.record(z.string(), z.string());

/**
 * Secrets in a file of mode 0600 below the data folder: what a machine without a keychain of its own can offer. The
 * desktop shell replaces it by the system's store.
 */
export function createFileSecrets(file: string): SecretStore {
  let last: Promise<unknown> = Promise.resolve();

  async function readAll(): Promise<Record<string, string>> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return content.parse(JSON.parse(text));
  }

  function change(edit: (all: Record<string, string>) => Record<string, string>): Promise<void> {
    const done = last.then(async () => {
      const fresh = `${file}.${process.pid}.new`;
      await writeFile(fresh, JSON.stringify(edit(await readAll())), { mode: 0o600 });
      await rename(fresh, file);
    });
    last = done.catch(() => undefined);
    return done;
  }

  return {
    kept: 'a file in the data folder that only you can read',
    read: async (name) => (await readAll())[name],
    write: (name, value) => change((all) => ({ ...all, [name]: value })),
    remove: (name) => change((all) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))),
  };
}
