import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { readKept } from './clone-files.ts';
import { type GitCall, gitBytes, type Person } from './git.ts';
import { transfer } from './transfer.ts';
import { excludesOf, identityOf, readUserConfig } from './user-config.ts';

/** What AIOS must know of the user's repository to work with it. */
export interface UserRepository {
  /** Top folder of the checkout. */
  readonly topLevel: string;
  /** The checkout's own git folder; differs from `commonDir` in a linked worktree. */
  readonly gitDir: string;
  /** The git folder that holds objects, branches and configuration. */
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
}

/** The state of a hub after it followed the user's repository. */
export interface HubState {
  readonly hub: string;
  /** The user's branches (short names) and their commits. */
  readonly heads: ReadonlyMap<string, string>;
  readonly identity: Person | null;
}

/** One at a time per hub: the user's branches are followed by one writer. */
const turns = keyedMutex();
const USER_HEADS = 'refs/user/heads/';
const HUB_CONFIG = `[gc]
\tauto = 0
[maintenance]
\tauto = false
[transfer]
\tfsckObjects = true
[core]
\tlogAllRefUpdates = false
\tfilemode = true
`;

/** Makes an empty folder beside `path`; what a killed attempt left there is cleared first. */
export async function siblingOf(path: string): Promise<string> {
  const prefix = `.${basename(path)}.new-`;
  await mkdir(dirname(path), { recursive: true });
  for (const name of await readdir(dirname(path)))
    if (name.startsWith(prefix)) await rm(join(dirname(path), name), { recursive: true, force: true });
  const sibling = join(dirname(path), `${prefix}${randomBytes(6).toString('hex')}`);
  await mkdir(sibling);
  return sibling;
}

/** Replaces a file AIOS keeps, in one step. */
export async function writeKept(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** The folder that holds a repository's objects. */
export function objectsOf(gitDir: string): string {
  return join(gitDir, 'objects');
}

/** Makes an empty bare repository with the settings of a hub, complete in one step. */
export async function createHub(hub: string, format: string): Promise<Result<void, Fault>> {
  const fresh = await siblingOf(hub);
  const made = await gitBytes(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '--', fresh], {
    cwd: dirname(hub),
  });
  if (!made.ok) return made;
  await mkdir(join(fresh, 'info'), { recursive: true });
  await writeFile(join(fresh, 'config'), HUB_CONFIG, { flag: 'a' });
  await rename(fresh, hub);
  return ok(undefined);
}

/** Reads refs below a prefix as name → id; the names come without the prefix. */
export async function readRefs(call: GitCall, prefix: string): Promise<Result<ReadonlyMap<string, string>, Fault>> {
  const listed = await gitBytes(['for-each-ref', '--format=%(objectname) %(refname)', prefix], call);
  if (!listed.ok) return listed;
  const refs = new Map<string, string>();
  for (const line of listed.value.toString('utf8').split('\n')) {
    const split = line.indexOf(' ');
    if (split > 0) refs.set(line.slice(split + 1 + prefix.length), line.slice(0, split));
  }
  return ok(refs);
}

/** Changes refs in one transaction. Lines are git's own `update-ref --stdin -z` records without the NULs. */
export async function updateRefs(gitDir: string, records: readonly string[]): Promise<Result<void, Fault>> {
  if (records.length === 0) return ok(undefined);
  const input = records.map((record) => `${record}\0`).join('');
  const done = await gitBytes(['update-ref', '--stdin', '-z'], { gitDir, input });
  return done.ok ? ok(undefined) : done;
}

async function follow(
  hub: string,
  now: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Promise<Result<void, Fault>> {
  const gone = [...before.keys()].filter((name) => !now.has(name));
  // Deletions first: a branch `a` may have made room for `a/b`.
  const deleted = await updateRefs(
    hub,
    gone.map((name) => `delete ${USER_HEADS}${name}\0`),
  );
  if (!deleted.ok) return deleted;
  const moved = [...now].filter(([name, id]) => before.get(name) !== id);
  return updateRefs(
    hub,
    moved.map(([name, id]) => `update ${USER_HEADS}${name}\0${id}\0`),
  );
}

async function copyShallow(hub: string, commonDir: string): Promise<void> {
  const theirs = await readKept(join(commonDir, 'shallow'));
  if (theirs === null) return;
  const ours = (await readKept(join(hub, 'shallow'))) ?? '';
  const lines = new Set([...ours.split('\n'), ...theirs.split('\n')].filter((line) => line !== ''));
  await writeKept(join(hub, 'shallow'), `${[...lines].join('\n')}\n`);
}

/**
 * Makes the hub follow the user's branches, as `refs/user/heads/*`. Reads the user's objects directly and every object
 * is checked on arrival; nothing of the user's repository is executed or changed. Also takes over what the user
 * ignores, and their identity. Fails with `transfer-refused` or `git-failed`.
 */
export function syncHub(hub: string, repository: UserRepository): Promise<Result<HubState, Fault>> {
  return turns.run(hub, () => syncInTurn(hub, repository));
}

async function syncInTurn(hub: string, repository: UserRepository): Promise<Result<HubState, Fault>> {
  const now = await readRefs({ gitDir: repository.commonDir }, 'refs/heads/');
  if (!now.ok) return now;
  const before = await readRefs({ gitDir: hub }, USER_HEADS);
  if (!before.ok) return before;
  await copyShallow(hub, repository.commonDir);
  const haves = new Set(before.value.values());
  const brought = await transfer({
    from: { gitDir: hub, borrow: [objectsOf(repository.commonDir)] },
    to: { gitDir: hub },
    wants: [...new Set(now.value.values())].filter((commit) => !haves.has(commit)),
    haves: [...haves],
  });
  if (!brought.ok) return brought;
  const followed = await follow(hub, now.value, before.value);
  if (!followed.ok) return followed;
  const config = await readUserConfig(repository.commonDir);
  if (!config.ok) return config;
  await writeKept(join(hub, 'info', 'exclude'), `${await excludesOf(config.value, repository.commonDir)}\n`);
  return ok({ hub, heads: now.value, identity: identityOf(config.value) });
}

/**
 * Makes sure the project's private bare hub exists at `hub` and follows the user's repository. Safe to repeat and to
 * kill: a half-made hub is never found at its place. Fails like {@link syncHub}.
 */
export function ensureHub(hub: string, repository: UserRepository): Promise<Result<HubState, Fault>> {
  return turns.run(hub, async () => {
    const there = (await readKept(join(hub, 'HEAD'))) !== null;
    const made = there ? ok(undefined) : await createHub(hub, repository.objectFormat);
    return made.ok ? syncInTurn(hub, repository) : made;
  });
}
