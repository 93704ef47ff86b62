import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { git, gitBytes } from './git.ts';
import { splitNul } from './names.ts';

/** What copying the user's untracked files did. */
export interface Included {
  /** Paths copied, relative to the top folder. */
  readonly copied: readonly string[];
  /** Paths that matched and were left out: links, special files, or over the limits. */
  readonly skipped: readonly string[];
}

/** Where untracked files come from and go to. */
export interface IncludeRequest {
  readonly hub: string;
  /** The commit whose `.worktreeinclude` decides; its content is part of what the user trusted. */
  readonly commit: string;
  /** The user's checkout. */
  readonly from: string;
  /** The new workspace; nobody else works in it yet. */
  readonly to: string;
  /** A folder for temporary files of this call. */
  readonly scratch: string;
}

/** The file of a commit that names untracked files. */
export const INCLUDE_FILE = '.worktreeinclude';
const MOST_FILES = 20_000;
const MOST_BYTES = 1024 * 1024 * 1024;

async function matching(request: IncludeRequest, patterns: Buffer): Promise<Result<string[], Fault>> {
  const file = join(request.scratch, 'include-patterns');
  const index = join(request.scratch, 'include-index');
  await writeFile(file, patterns);
  await rm(index, { force: true });
  const call = {
    gitDir: request.hub,
    workTree: request.from,
    indexFile: index,
    config: [['core.bare', 'false']] as const,
  };
  const tracked = await gitBytes(['read-tree', request.commit], call);
  if (!tracked.ok) return tracked;
  const listed = await gitBytes(['ls-files', '-z', '-o', '-i', `--exclude-from=${file}`], call);
  await rm(index, { force: true });
  if (!listed.ok) return listed;
  // Names that are not UTF-8 cannot be shown or trusted; they fail the look-up below and are skipped.
  return ok(splitNul(listed.value).map((path) => path.toString('utf8')));
}

async function isPlainInside(root: string, path: string): Promise<number | null> {
  const full = join(root, path);
  const found = await lstat(full).catch(() => null);
  if (!found?.isFile()) return null;
  const parent = await realpath(dirname(full)).catch(() => '');
  return parent === join(await realpath(root), dirname(path)) ? found.size : null;
}

/**
 * Copies the untracked regular files that `.worktreeinclude` names from the user's checkout into a new workspace. No
 * links are followed or copied, nothing outside either folder is touched, nothing tracked is overwritten; at most
 * 20,000 files and 1 GiB. Nothing to do when the commit has no such file.
 */
export async function includeUntracked(request: IncludeRequest): Promise<Result<Included, Fault>> {
  const entry = await git(['cat-file', 'blob', `${request.commit}:${INCLUDE_FILE}`], {
    gitDir: request.hub,
  });
  if (!entry.ok) return entry;
  if (entry.value.code !== 0) return ok({ copied: [], skipped: [] });
  const paths = await matching(request, entry.value.stdout);
  if (!paths.ok) return paths;
  const copied: string[] = [];
  const skipped: string[] = [];
  let bytes = 0;
  for (const path of paths.value) {
    const size = await isPlainInside(request.from, path);
    const fits = size !== null && copied.length < MOST_FILES && bytes + size <= MOST_BYTES;
    if (fits && (await copyInto(request, path))) {
      bytes += size;
      copied.push(path);
    } else skipped.push(path);
  }
  return ok({ copied, skipped });
}

async function copyInto(request: IncludeRequest, path: string): Promise<boolean> {
  const target = join(request.to, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    const parent = await realpath(dirname(target));
    if (parent !== join(await realpath(request.to), dirname(path))) return false;
    await copyFile(join(request.from, path), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch {
    return false;
  }
}
