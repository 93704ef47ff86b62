import { createHash, randomBytes } from 'node:crypto';
import { link, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type GitCall, git, gitBytes } from './git.ts';
import { objectsOf } from './hub.ts';
import { copyIndex } from './index-copy.ts';
import { joinNul, splitNul } from './names.ts';

/** The user's checkout that is to show another commit. */
export interface CheckoutMove {
  readonly hub: string;
  readonly topLevel: string;
  /** The checkout's own git folder, which holds its index. */
  readonly gitDir: string;
  /** The folder with the user's objects. */
  readonly commonDir: string;
  readonly from: string;
  readonly to: string;
  /** The user's settings for line ends and modes. */
  readonly conversion: ReadonlyArray<readonly [string, string]>;
}

/** The file our lock on the user's index is a second name of, so that a lock we left can be told from another's. */
const CLAIM = 'aios-index-claim';

/** How to look at the user's files: with the hub's configuration and a copy of the user's index. */
function callOf(move: CheckoutMove, indexFile: string): GitCall {
  return {
    gitDir: move.hub,
    workTree: move.topLevel,
    indexFile,
    borrow: [objectsOf(move.commonDir)],
    config: [
      ['core.bare', 'false'],
      ['core.attributesFile', join(move.commonDir, 'info', 'attributes')],
      ...move.conversion,
    ],
  };
}

function inTheWay(paths: readonly string[], why: string): Fault {
  const shown = paths.slice(0, 20).join(', ');
  return faultOf(
    'checkout-in-the-way',
    'The checkout was left as it is.',
    `${why}: ${shown}`,
    'Commit or move them, then accept again.',
  );
}

async function listed(args: readonly string[], call: GitCall): Promise<Result<string[], Fault>> {
  const bytes = await gitBytes(args, call);
  return bytes.ok ? ok(splitNul(bytes.value).map((path) => path.toString('utf8'))) : bytes;
}

const PLAIN = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--no-renames', '--name-only', '-z'];

/** Paths that differ between two commits. */
export function pathsBetween(gitDir: string, from: string, to: string): Promise<Result<string[], Fault>> {
  return listed(['diff-tree', '-r', ...PLAIN, from, to], { gitDir });
}

/** Changed paths that a filter of the user (large files, encryption) would have to convert. */
async function filtered(call: GitCall, paths: readonly string[]): Promise<Result<string[], Fault>> {
  const input = joinNul(paths.map((path) => Buffer.from(path)));
  const values = await listed(['check-attr', '-z', '--stdin', 'filter'], { ...call, input });
  if (!values.ok) return values;
  return ok(paths.filter((_, index) => (values.value[index * 3 + 2] ?? 'unspecified') !== 'unspecified'));
}

/** Changed paths whose index entry or file is not what `from` says, and untracked ones that stand in their place. */
async function touched(move: CheckoutMove, call: GitCall, paths: readonly string[]): Promise<Result<string[], Fault>> {
  const refreshed = await git(['update-index', '-q', '--refresh'], call);
  if (!refreshed.ok) return refreshed;
  const staged = await listed(['diff-index', '--cached', ...PLAIN, move.from], call);
  const edited = await listed(['diff-files', ...PLAIN], call);
  const tracked = await listed(['ls-files', '-z'], call);
  if (!staged.ok) return staged;
  if (!edited.ok) return edited;
  if (!tracked.ok) return tracked;
  const known = new Set(tracked.value);
  const differing = new Set([...staged.value, ...edited.value]);
  const present = async (path: string) => (await lstat(join(move.topLevel, path)).catch(() => null)) !== null;
  const result: string[] = [];
  for (const path of paths) if (differing.has(path) || (!known.has(path) && (await present(path)))) result.push(path);
  return ok(result);
}

/** Everything below a folder, files only, relative to the top. */
async function filesBelow(top: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(top, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1));
}

/** Folders where a file must go, and files or links where a folder must go, unless the move itself clears them. */
async function obstacles(move: CheckoutMove, paths: readonly string[]): Promise<string[]> {
  const moving = new Set(paths);
  const found = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const above = parts.slice(0, depth).join('/');
      const there = await lstat(join(move.topLevel, above)).catch(() => null);
      if (there && !there.isDirectory() && !moving.has(above)) found.add(above);
    }
    const own = await lstat(join(move.topLevel, path)).catch(() => null);
    if (own?.isDirectory())
      for (const inside of await filesBelow(move.topLevel, path)) if (!moving.has(inside)) found.add(inside);
  }
  return [...found];
}

/**
 * Takes paths whose files already are what `to` says into the index copy: a move that was cut off, or the same edit made
 * by hand. The value lists the paths that are something else.
 */
async function adopt(move: CheckoutMove, call: GitCall, paths: readonly string[]): Promise<Result<string[], Fault>> {
  if (paths.length === 0) return ok([]);
  const input = joinNul(paths.map((path) => Buffer.from(path)));
  const added = await git(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], {
    ...call,
    input,
  });
  if (!added.ok) return added;
  if (added.value.code !== 0) return ok([...paths]);
  const still = await listed(['diff-index', '--cached', ...PLAIN, move.to], call);
  if (!still.ok) return still;
  const different = new Set(still.value);
  return ok(paths.filter((path) => different.has(path)));
}

async function fingerprint(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return createHash('sha256').update(bytes).digest('hex');
}

/** Clears what a killed move left beside the index: copies, and a lock that is provably ours. */
async function clearLeftovers(gitDir: string): Promise<void> {
  const claim = await lstat(join(gitDir, CLAIM)).catch(() => null);
  const lock = await lstat(join(gitDir, 'index.lock')).catch(() => null);
  if (claim && lock && claim.ino === lock.ino) await rm(join(gitDir, 'index.lock'), { force: true });
  for (const name of await readdir(gitDir))
    if (name === CLAIM || name.startsWith('index.aios-')) await rm(join(gitDir, name), { force: true });
}

/** Takes git's own lock on the user's index, if the index still is what it was. */
async function lockIndex(gitDir: string, before: string): Promise<Result<void, Fault>> {
  const lock = join(gitDir, 'index.lock');
  const busy = inTheWay([lock], 'Another git program works on the index at the same time');
  await writeFile(join(gitDir, CLAIM), '');
  try {
    await link(join(gitDir, CLAIM), lock);
  } catch {
    return err(busy);
  }
  if ((await fingerprint(join(gitDir, 'index'))) === before) return ok(undefined);
  await rm(lock, { force: true });
  return err(busy);
}

/** Writes the files and puts the prepared index in place, while no other git can change it. */
async function write(move: CheckoutMove, call: GitCall, copy: string, before: string): Promise<Result<void, Fault>> {
  const locked = await lockIndex(move.gitDir, before);
  if (!locked.ok) return locked;
  const lock = join(move.gitDir, 'index.lock');
  const written = await git(['read-tree', '-m', '-u', move.from, move.to], call);
  if (written.ok && written.value.code === 0) {
    await rename(copy, lock);
    await rename(lock, join(move.gitDir, 'index'));
    return ok(undefined);
  }
  await rm(lock, { force: true });
  return written.ok ? err(inTheWay([written.value.stderr.trim()], 'git would not replace the files')) : written;
}

async function moveWith(move: CheckoutMove, copy: string, before: string): Promise<Result<void, Fault>> {
  const call = callOf(move, copy);
  const paths = await pathsBetween(move.hub, move.from, move.to);
  if (!paths.ok) return paths;
  const converted = await filtered(call, paths.value);
  if (!converted.ok) return converted;
  if (converted.value.length > 0)
    return err(inTheWay(converted.value, 'Files that only your own git filters can write would change'));
  const blocked = await obstacles(move, paths.value);
  if (blocked.length > 0) return err(inTheWay(blocked, 'Files or folders stand where changed files belong'));
  const dirty = await touched(move, call, paths.value);
  if (!dirty.ok) return dirty;
  const foreign = await adopt(move, call, dirty.value);
  if (!foreign.ok) return foreign;
  if (foreign.value.length > 0) return err(inTheWay(foreign.value, 'Files with changes of yours would be overwritten'));
  return write(move, call, copy, before);
}

/**
 * Makes the user's checkout show another commit, the way a fast-forward does: only paths that differ between the two
 * commits are written, and only where the user changed nothing; everything else stays, staged and unstaged edits
 * included. No hook, filter or setting of the repository is run. Repeating a move that was cut off finishes it. Fails
 * with `checkout-in-the-way`, having changed nothing.
 */
export async function moveCheckout(move: CheckoutMove): Promise<Result<void, Fault>> {
  await clearLeftovers(move.gitDir);
  const index = join(move.gitDir, 'index');
  const copy = join(move.gitDir, `index.aios-${randomBytes(6).toString('hex')}`);
  const before = await fingerprint(index);
  await copyIndex(index, copy);
  try {
    return await moveWith(move, copy, before);
  } finally {
    await clearLeftovers(move.gitDir);
  }
}
