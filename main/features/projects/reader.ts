import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitBytes, splitNul } from '#main/features/workspaces/index.ts';

/** Reads files of a project by their path below its top folder. Null: there is no such regular file. */
export type ReadProjectFile = (path: string) => Promise<string | null>;

const LARGEST_FILE = 4 * 1024 * 1024;

/** Reads from a folder. Links and files over 4 MiB count as absent. */
export function folderReader(folder: string): ReadProjectFile {
  return async (path) => {
    const full = join(folder, path);
    const found = await lstat(full).catch(() => null);
    if (!found?.isFile() || found.size > LARGEST_FILE) return null;
    return readFile(full, 'utf8').catch(() => null);
  };
}

/** Reads from a commit, so that what is read is what was or will be trusted. */
export function commitReader(gitDir: string, commit: string): ReadProjectFile {
  return async (path) => {
    const bytes = await gitBytes(['cat-file', 'blob', `${commit}:${path}`], { gitDir });
    return bytes.ok && bytes.value.length <= LARGEST_FILE ? bytes.value.toString('utf8') : null;
  };
}

/** Paths of a commit's regular files. Links and submodules are not among them: what they lead to was not trusted. */
export async function regularFiles(gitDir: string, commit: string): Promise<ReadonlySet<string>> {
  const listed = await gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit], { gitDir });
  const records = listed.ok ? splitNul(listed.value).map((record) => record.toString('utf8')) : [];
  return new Set(
    records.filter((record) => record.startsWith('100')).map((record) => record.slice(record.indexOf('\t') + 1)),
  );
}
