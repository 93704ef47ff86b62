import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { FolderView } from '#protocol/contract/settings.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Most folders one answer lists. */
const MOST = 500;

const isRepository = (path: string) =>
  stat(join(path, '.git')).then(
    () => true,
    () => false,
  );

/** The folders below a path, repositories marked. Hidden ones are left out. Reads names only, runs nothing. */
export async function browseFolders(path: string): Promise<Result<FolderView, Fault>> {
  const folder = resolve(path);
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? `The system says ${String(error.code)}.` : 'It is gone.';
    return err(faultOf('folder-unreadable', `${folder} cannot be listed.`, why, 'Choose another folder.'));
  }
  names.sort((one, other) => one.localeCompare(other));
  const folders = await Promise.all(
    names.slice(0, MOST).map(async (name) => {
      const full = join(folder, name);
      return { name, path: full, repository: await isRepository(full) };
    }),
  );
  const parent = dirname(folder);
  return ok({
    path: folder,
    parent: parent === folder ? null : parent,
    repository: await isRepository(folder),
    folders,
    truncated: names.length > MOST,
  });
}
