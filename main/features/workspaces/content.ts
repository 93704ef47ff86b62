import { lstat, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { type GitCall, git, gitBytes, gitText } from './git.ts';
import { joinNul, splitNul } from './names.ts';

/** An agent's own clone and the hub that keeps its results. */
export interface Workspace {
  /** The project's hub repository. */
  readonly hub: string;
  /** Top folder of the clone. */
  readonly path: string;
  /** Names the workspace in the hub's refs; letters, digits, dash, underscore. */
  readonly id: string;
  /** Short name of the branch the agent starts on. */
  readonly branch: string;
  /** The commit it started from. */
  readonly base: string;
}

/** A tree written to the hub from a workspace's files. */
export interface ContentTree {
  readonly tree: string;
  /** Folders that hold repositories of their own; their files are in the tree only when asked for. */
  readonly embedded: readonly string[];
}

const DEEPEST_EMBEDDING = 5;

/** The folder in the hub where AIOS keeps what it knows of a workspace, out of the agent's reach. */
export function stateOf(workspace: Workspace): string {
  return join(workspace.hub, 'aios', workspace.id);
}

/** Where the workspace's own index is kept. */
export function shadowIndexOf(workspace: Workspace): string {
  return join(stateOf(workspace), 'index');
}

/**
 * How git looks at a workspace's files: with the hub's repository and configuration and an index of ours. The clone's
 * own `.git` plays no part, so nothing an agent wrote there takes effect.
 */
export function shadowCall(workspace: Workspace): GitCall {
  return {
    gitDir: workspace.hub,
    workTree: workspace.path,
    indexFile: shadowIndexOf(workspace),
    config: [
      ['core.bare', 'false'],
      ['core.autocrlf', 'false'],
    ],
  };
}

type Kind = 'file' | 'folder' | 'gone';

/** Looks at paths without following links; a path behind a link counts as gone. Remembers folders it has seen. */
function pathInspector(root: string): (path: Buffer) => Promise<Kind> {
  const real = new Map<string, Promise<boolean>>();
  const prefix = Buffer.from(root.endsWith('/') ? root : `${root}/`);
  const look = (path: Buffer) => lstat(Buffer.concat([prefix, path])).catch(() => null);
  const isFolder = (path: Buffer): Promise<boolean> => {
    const key = path.toString('latin1');
    const known =
      real.get(key) ??
      parentIsFolder(path).then(async (above) => above && ((await look(path))?.isDirectory() ?? false));
    real.set(key, known);
    return known;
  };
  const parentIsFolder = (path: Buffer): Promise<boolean> => {
    const slash = path.lastIndexOf(0x2f);
    return slash < 0 ? Promise.resolve(true) : isFolder(path.subarray(0, slash));
  };
  return async (path) => {
    if (!(await parentIsFolder(path))) return 'gone';
    const found = await look(path);
    if (found?.isDirectory()) return 'folder';
    return found?.isFile() || found?.isSymbolicLink() ? 'file' : 'gone';
  };
}

function unique(paths: readonly Buffer[]): Buffer[] {
  return [...new Map(paths.map((path) => [path.toString('latin1'), path])).values()];
}

function isRepositoryEntry(path: Buffer): boolean {
  return path.at(-1) === 0x2f;
}

/** Paths that git says differ from the index or are new; repositories inside end with a slash. */
async function differing(call: GitCall, excludes: readonly string[]): Promise<Result<Buffer[], Fault>> {
  const listed = await gitBytes(
    ['ls-files', '-z', '-m', '-d', '-o', '--exclude-standard', ...excludes.map((file) => `--exclude-from=${file}`)],
    call,
  );
  return listed.ok ? ok(unique(splitNul(listed.value))) : listed;
}

/** The files of a repository inside the workspace, listed as if its `.git` were not there. */
async function filesInside(workspace: Workspace, folder: string, depth: number): Promise<Result<Buffer[], Fault>> {
  const none = join(stateOf(workspace), 'no-index');
  const call = { ...shadowCall(workspace), workTree: join(workspace.path, folder), indexFile: none };
  const listed = await differing(call, []);
  if (!listed.ok) return listed;
  const files: Buffer[] = [];
  for (const path of listed.value) {
    const full = Buffer.concat([Buffer.from(folder), path]);
    if (!isRepositoryEntry(path)) files.push(full);
    else if (depth < DEEPEST_EMBEDDING) {
      const deeper = await filesInside(workspace, full.toString('utf8'), depth + 1);
      if (!deeper.ok) return deeper;
      files.push(...deeper.value);
    }
  }
  return ok(files);
}

async function gitlinksAmong(call: GitCall, folders: readonly Buffer[]): Promise<Result<Set<string>, Fault>> {
  if (folders.length === 0) return ok(new Set());
  const listed = await gitBytes(['ls-files', '-s', '-z'], call);
  if (!listed.ok) return listed;
  const links = splitNul(listed.value).filter((record) => record.subarray(0, 7).toString() === '160000 ');
  return ok(new Set(links.map((record) => record.subarray(record.indexOf(9) + 1).toString('latin1'))));
}

/** Puts these paths into the index as they are on disk: added, changed or removed. */
async function stage(call: GitCall, root: string, paths: readonly Buffer[]): Promise<Result<void, Fault>> {
  const inspect = pathInspector(root);
  const kinds = await Promise.all(paths.map(async (path) => ({ path, kind: await inspect(path) })));
  const of = (kind: Kind) => kinds.filter((each) => each.kind === kind).map((each) => each.path);
  const folders = of('folder');
  const links = await gitlinksAmong(call, folders);
  if (!links.ok) return links;
  // A submodule's folder is not looked into; any other folder stands where a file was.
  const removed = [...of('gone'), ...folders.filter((path) => !links.value.has(path.toString('latin1')))];
  if (removed.length > 0) {
    const done = await gitBytes(['update-index', '--force-remove', '-z', '--stdin'], {
      ...call,
      input: joinNul(removed),
    });
    if (!done.ok) return done;
  }
  const present = of('file');
  if (present.length === 0) return ok(undefined);
  // `--remove` because an agent may delete a file between the listing and this call.
  const flags = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
  const done = await gitBytes(flags, { ...call, input: joinNul(present) });
  return done.ok ? ok(undefined) : done;
}

/** What is known of a workspace's index since the last look, as long as nobody else wrote it. */
interface Ground {
  /** The commit the index was filled from. */
  readonly parent: string;
  /** Names one state of the index file. */
  readonly stamp: string;
  /** What it amounts to, once that was written. */
  readonly tree: string | null;
}

const grounds = new Map<string, Ground>();

async function stampOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found === null ? '' : `${found.ino}:${found.mtimeNs}:${found.size}`;
}

async function groundOf(workspace: Workspace): Promise<Ground | undefined> {
  const file = shadowIndexOf(workspace);
  const ground = grounds.get(file);
  return ground !== undefined && ground.stamp === (await stampOf(file)) ? ground : undefined;
}

async function setGround(workspace: Workspace, parent: string, tree: string | null): Promise<void> {
  const file = shadowIndexOf(workspace);
  grounds.set(file, { parent, tree, stamp: await stampOf(file) });
}

/** Tells that a workspace's index is as `parent` fills it, sizes and times included. */
export function standsOn(workspace: Workspace, parent: string): Promise<void> {
  return setGround(workspace, parent, null);
}

/** Forgets what is known of the index of a workspace that is gone. */
export function forgetGround(workspace: Workspace): void {
  grounds.delete(shadowIndexOf(workspace));
}

/**
 * Writes the workspace's files (tracked and untracked, not the ignored ones) to the hub as a tree, starting from
 * `parent`. The agent's index and branch are neither read nor changed; `parent` must be in the hub. `embedded`
 * says whether files of repositories inside the workspace are part of it. Fails with `git-failed`, for example for an
 * unreadable file.
 */
export async function treeOf(
  workspace: Workspace,
  parent: string,
  embedded: 'skip' | 'include',
): Promise<Result<ContentTree, Fault>> {
  const call = shadowCall(workspace);
  await mkdir(stateOf(workspace), { recursive: true });
  await rm(`${shadowIndexOf(workspace)}.lock`, { force: true });
  const read = await gitBytes(['read-tree', '--reset', parent], call);
  if (!read.ok) return read;
  // Remembers sizes and times, so that the next look is quick. Its exit code only says that something differs.
  const refreshed = await git(['update-index', '-q', '--refresh'], call);
  if (!refreshed.ok) return refreshed;
  await standsOn(workspace, parent);
  return treeOfIndex(workspace, embedded);
}

/**
 * Like {@link treeOf}, starting from what the index says of an earlier look at the same workspace: quicker, and the same
 * files. What became ignored since that look is still in the tree.
 */
export async function treeOfIndex(
  workspace: Workspace,
  embedded: 'skip' | 'include',
): Promise<Result<ContentTree, Fault>> {
  const call = shadowCall(workspace);
  const ground = await groundOf(workspace);
  const listed = await differing(call, [join(stateOf(workspace), 'exclude')]);
  if (!listed.ok) return listed;
  const repositories = listed.value.filter(isRepositoryEntry).map((path) => path.toString('utf8'));
  const paths = listed.value.filter((path) => !isRepositoryEntry(path));
  for (const folder of embedded === 'include' ? repositories : []) {
    const inside = await filesInside(workspace, folder, 0);
    if (!inside.ok) return inside;
    paths.push(...inside.value);
  }
  if (paths.length === 0 && ground?.tree) return ok({ tree: ground.tree, embedded: repositories });
  const staged = await stage(call, workspace.path, paths);
  if (!staged.ok) return staged;
  const tree = await gitText(['write-tree'], call);
  if (!tree.ok) return tree;
  if (ground) await setGround(workspace, ground.parent, tree.value);
  return ok({ tree: tree.value, embedded: repositories });
}

/** Like {@link treeOfIndex} where the last look began at the same commit, else like {@link treeOf}. Embedded files count. */
export async function treeSince(workspace: Workspace, parent: string): Promise<Result<ContentTree, Fault>> {
  const ground = await groundOf(workspace);
  return ground?.parent === parent ? treeOfIndex(workspace, 'include') : treeOf(workspace, parent, 'include');
}
