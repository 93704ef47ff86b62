import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const looked = await Promise.all(files.map((each) => stat(join(each.parentPath, each.name))));
  return looked.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0);
}

/** Whether a built file is there and no source below the folders is newer. */
export async function isBuilt(file: string, folders: readonly string[]): Promise<boolean> {
  const built = await stat(file).catch(() => null);
  if (!built) return false;
  const newest = await Promise.all(folders.map(newestIn));
  return newest.every((each) => each <= built.mtimeMs);
}
