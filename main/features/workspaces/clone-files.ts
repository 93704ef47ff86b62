import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { isObjectId } from './names.ts';

/**
 * Reading and writing an agent's `.git` by hand. An agent may rewrite everything in there, so no git process is ever
 * started on it: its configuration, hooks and attributes are never looked at, and links are not followed.
 */

const LARGEST_FILE = 16 * 1024 * 1024;
const SYMBOLIC = /^ref: (refs\/heads\/[^\s~^:?*[\\]+)$/;

/** Where a clone's HEAD points. `ref` is null when it is detached. */
export interface CloneHead {
  readonly ref: string | null;
  readonly commit: string;
}

function damaged(why: string): Fault {
  return faultOf(
    'workspace-damaged',
    'The workspace is no longer a repository AIOS can read.',
    why,
    'Its files are safe: take a snapshot, then start the task in a new workspace.',
  );
}

async function isRealFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}

async function readOwn(path: string): Promise<string | null> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!handle) return null;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > LARGEST_FILE) return null;
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** True when every folder from `root` down to the parent of `relative` is a real folder, not a link. */
async function staysInside(root: string, relative: string): Promise<boolean> {
  let folder = root;
  for (const part of ['', ...dirname(relative).split('/')]) {
    if (part === '..') return false;
    folder = join(folder, part);
    if (!(await isRealFolder(folder))) return false;
  }
  return true;
}

function isSafeRef(ref: string): boolean {
  const parts = ref.split('/');
  return parts.every((part) => part !== '' && part !== '.' && !part.includes('..') && !part.endsWith('.lock'));
}

async function packedRefs(gitDir: string): Promise<Map<string, string>> {
  const text = (await readOwn(join(gitDir, 'packed-refs'))) ?? '';
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id = '', name = ''] = line.split(' ');
    if (isObjectId(id) && name.startsWith('refs/') && isSafeRef(name)) refs.set(name, id);
  }
  return refs;
}

async function looseRefs(gitDir: string, prefix: string, into: Map<string, string>, depth = 0): Promise<void> {
  const folder = join(gitDir, prefix);
  if (depth > 20 || !(await isRealFolder(folder))) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) await looseRefs(gitDir, name, into, depth + 1);
    const id = entry.isFile() ? ((await readOwn(join(gitDir, name))) ?? '').trim() : '';
    if (isObjectId(id) && isSafeRef(name)) into.set(name, id);
  }
}

/** Every ref of a clone with the id it holds, stashes included. Empty when there is nothing readable. */
export async function readCloneRefs(gitDir: string): Promise<ReadonlyMap<string, string>> {
  if (!(await isRealFolder(gitDir))) return new Map();
  const refs = await packedRefs(gitDir);
  await looseRefs(gitDir, 'refs', refs);
  // All stashes but the newest live only in the log.
  const log = (await readOwn(join(gitDir, 'logs', 'refs', 'stash'))) ?? '';
  log.split('\n').forEach((line, index) => {
    const id = line.split(' ')[1] ?? '';
    if (isObjectId(id)) refs.set(`refs/stashes/${index}`, id);
  });
  return refs;
}

async function readRef(gitDir: string, ref: string): Promise<string | null> {
  if (!(await staysInside(gitDir, ref))) return (await packedRefs(gitDir)).get(ref) ?? null;
  const loose = (await readOwn(join(gitDir, ref)))?.trim();
  return loose ?? (await packedRefs(gitDir)).get(ref) ?? null;
}

/** Reads where a clone's HEAD points. Fails with `workspace-damaged`. */
export async function readCloneHead(gitDir: string): Promise<Result<CloneHead, Fault>> {
  if (!(await isRealFolder(gitDir))) return err(damaged('Its .git is missing or is not a folder of its own.'));
  const text = ((await readOwn(join(gitDir, 'HEAD'))) ?? '').trim();
  if (isObjectId(text)) return ok({ ref: null, commit: text });
  const ref = SYMBOLIC.exec(text)?.[1];
  if (!ref || !isSafeRef(ref)) return err(damaged('Its HEAD names no branch.'));
  const commit = await readRef(gitDir, ref);
  if (commit && isObjectId(commit)) return ok({ ref, commit });
  return err(damaged(`Its branch ${ref} has no commit.`));
}

/** Reads a small file of a clone's `.git`, or null. */
export async function readCloneFile(gitDir: string, name: string): Promise<string | null> {
  if (!(await isRealFolder(gitDir)) || !(await staysInside(gitDir, name))) return null;
  return readOwn(join(gitDir, name));
}

/**
 * Replaces a file of a clone's `.git` in one step, following no link. Fails with `workspace-damaged` when a folder on
 * the way is not a real folder.
 */
export async function writeCloneFile(
  gitDir: string,
  name: string,
  content: string | Uint8Array,
): Promise<Result<void, Fault>> {
  if (!(await isRealFolder(gitDir))) return err(damaged('Its .git is missing or is not a folder of its own.'));
  let folder = gitDir;
  for (const part of dirname(name)
    .split('/')
    .filter((each) => each !== '.')) {
    folder = join(folder, part);
    await mkdir(folder).catch(() => undefined);
  }
  if (!(await staysInside(gitDir, name))) return err(damaged(`A folder on the way to .git/${name} was replaced.`));
  const temporary = join(gitDir, `aios-${process.pid}-${name.replaceAll('/', '-')}`);
  await writeFile(temporary, content, { flag: 'wx' }).catch(async () => {
    // Left by a killed write of ours, or planted: a rename over it cannot be redirected, so make room first.
    await rename(temporary, `${temporary}.old`).catch(() => undefined);
    await writeFile(temporary, content, { flag: 'wx' });
  });
  await rename(temporary, join(gitDir, name));
  return ok(undefined);
}

/** Points a clone's current branch (or its detached HEAD) at a commit. Fails with `workspace-damaged`. */
export async function moveCloneHead(gitDir: string, head: CloneHead, commit: string): Promise<Result<void, Fault>> {
  return writeCloneFile(gitDir, head.ref ?? 'HEAD', `${commit}\n`);
}

/** Reads a file that AIOS itself keeps, or null when there is none. */
export async function readKept(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
