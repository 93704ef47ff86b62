import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import type { ObjectStore, ObjectVersion } from '#main/ports/object-store/port.ts';

const LONGEST_KEY_BYTES = 1_024;

const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Objects on files: content under its own hash, and per key an index of versions under the hash of the key, so that no
 * key is ever a path. Every write is a temporary file, flushed and renamed.
 */
export function createFileObjectStore(root: string, now: () => number): ObjectStore {
  const turns = keyedMutex();
  const indexPath = (key: string) => join(root, 'keys', sha256(key).slice(0, 2), `${sha256(key)}.json`);
  const contentPath = (hash: string) => join(root, 'content', hash.slice(0, 2), hash);

  async function versions(key: string): Promise<ObjectVersion[]> {
    const index = await readIfThere(indexPath(key));
    return index ? (JSON.parse(index.toString('utf8')) as ObjectVersion[]) : [];
  }

  return {
    async put(key, content) {
      const bytes = Buffer.byteLength(key);
      if (bytes === 0 || bytes > LONGEST_KEY_BYTES) throw new RangeError('an object key has 1 to 1024 bytes');
      const hash = sha256(content);
      await writeDurably(contentPath(hash), content);
      return turns.run(key, async () => {
        const version: ObjectVersion = { key, hash, bytes: content.byteLength, at: now() };
        await writeDurably(indexPath(key), JSON.stringify([...(await versions(key)), version]));
        return version;
      });
    },
    async get(key, hash) {
      const all = await versions(key);
      const version = hash === undefined ? all.at(-1) : all.findLast((each) => each.hash === hash);
      if (!version) return undefined;
      const content = await readIfThere(contentPath(version.hash));
      if (!content || sha256(content) !== version.hash) throw new Error(`object ${version.hash} is damaged`);
      return { content, version };
    },
    versions,
    async list(prefix) {
      const found: ObjectVersion[] = [];
      const folders = await readdir(join(root, 'keys')).catch(() => []);
      for (const folder of folders) {
        for (const file of await readdir(join(root, 'keys', folder))) {
          if (!file.endsWith('.json')) continue;
          const newest = (JSON.parse(await readFile(join(root, 'keys', folder, file), 'utf8')) as ObjectVersion[]).at(
            -1,
          );
          if (newest?.key.startsWith(prefix)) found.push(newest);
        }
      }
      return found.sort((a, b) => a.key.localeCompare(b.key));
    },
  };
}
