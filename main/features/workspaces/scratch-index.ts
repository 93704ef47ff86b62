import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives work an index of its own beside a bare repository, which is gone afterwards. */
export async function withScratchIndex<T>(gitDir: string, work: (indexFile: string) => Promise<T>): Promise<T> {
  const folder = join(gitDir, 'aios');
  await mkdir(folder, { recursive: true });
  const indexFile = join(folder, `scratch-${randomBytes(6).toString('hex')}`);
  try {
    return await work(indexFile);
  } finally {
    await rm(indexFile, { force: true });
    await rm(`${indexFile}.lock`, { force: true });
  }
}
