import { lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** Most files and bytes of a session that are kept. */
const MOST_FILES = 500;
const MOST_BYTES = 128 * 1024 * 1024;

/** A name that stays where it is put. */
function isPlain(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

async function expanded(folder: string, [pattern, ...rest]: readonly string[]): Promise<string[]> {
  if (pattern === undefined || !isPlain(pattern)) return [];
  const names = pattern === '*' ? await readdir(folder).catch(() => []) : [pattern];
  if (rest.length === 0) return names;
  const deeper = await Promise.all(
    names.map(async (name) => (await expanded(join(folder, name), rest)).map((below) => `${name}/${below}`)),
  );
  return deeper.flat();
}

/** Whether a path lies below a folder also when links are followed: an agent writes into its home. */
async function staysBelow(home: string, path: string): Promise<boolean> {
  const [root, parent] = await Promise.all([realpath(home), realpath(dirname(path))]).catch(() => [null, null]);
  return root !== null && parent !== null && (parent === root || parent.startsWith(`${root}${sep}`));
}

/** Reads the files that a driver's patterns name below a home. Links are not followed; what is too much is left out. */
export async function readSessionFiles(home: string, patterns: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const paths = (await Promise.all(patterns.map((pattern) => expanded(home, pattern.split('/'))))).flat().sort();
  let bytes = 0;
  for (const path of paths.slice(0, MOST_FILES)) {
    const full = join(home, path);
    const stats = await lstat(full).catch(() => null);
    if (!stats?.isFile() || bytes + stats.size > MOST_BYTES || !(await staysBelow(home, full))) continue;
    const content = await readFile(full).catch(() => null);
    if (content === null) continue;
    bytes += content.byteLength;
    found.set(path, content);
  }
  return found;
}

/** Makes a folder unless it is there; false where a link or a file is. */
async function isFolder(path: string): Promise<boolean> {
  await mkdir(path, { mode: 0o700 }).catch(() => undefined);
  return (await lstat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Puts a session's file back where it is missing. What is there stays. False when its place is not in the home. */
export async function writeSessionFile(home: string, path: string, content: Uint8Array): Promise<boolean> {
  if (!path.split('/').every(isPlain)) return false;
  const folders = path.split('/').slice(0, -1);
  await mkdir(home, { recursive: true, mode: 0o700 });
  for (const [index] of folders.entries())
    if (!(await isFolder(join(home, ...folders.slice(0, index + 1))))) return false;
  const full = join(home, path);
  await writeFile(full, content, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return true;
}
