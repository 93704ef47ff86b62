import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { readCloneFile, readCloneHead, readKept } from './clone-files.ts';
import { mergeRefOf } from './commit.ts';
import { shadowIndexOf, stateOf, treeOf, treeOfIndex, type Workspace } from './content.ts';
import { git, gitText, type Person } from './git.ts';
import { createHub, objectsOf } from './hub.ts';
import { copyIndex } from './index-copy.ts';
import { isObjectId } from './names.ts';
import { createCommit } from './snapshot.ts';

/** What a workspace's files were at one moment, as a commit that only looks. */
export interface Glance {
  readonly commit: string;
  readonly tree: string;
  /** What the work stands on: the newest commit of its own that the hub has, and the merge that waits in it. */
  readonly parents: readonly string[];
  readonly head: string;
}

const AIOS: Person = { name: 'AIOS', email: 'aios@localhost' };

/** The workspace, seen from the folder where glances are kept: nothing is written to the hub or the clone. */
function seenFrom(store: string, workspace: Workspace): Workspace {
  return { ...workspace, hub: store };
}

const exists = async (path: string) => (await stat(path).catch(() => null)) !== null;

/** A bare repository of its own beside the hub, which it borrows from; removing it forgets every glance. */
async function openStore(store: string, workspace: Workspace): Promise<Result<void, Fault>> {
  if (await exists(join(store, 'HEAD'))) return ok(undefined);
  await mkdir(dirname(store), { recursive: true });
  const made = await createHub(store, workspace.base.length === 64 ? 'sha256' : 'sha1');
  if (!made.ok) return made;
  await mkdir(join(store, 'objects', 'info'), { recursive: true });
  await writeFile(join(store, 'objects', 'info', 'alternates'), `${objectsOf(workspace.hub)}\n`);
  for (const name of ['shallow', 'info/exclude']) {
    const text = await readKept(join(workspace.hub, name));
    if (text !== null) await writeFile(join(store, name), text);
  }
  return ok(undefined);
}

/** The first look is as quick as the hub's own would be: it starts with what the hub knows of sizes and times. */
async function prepareState(seen: Workspace, workspace: Workspace): Promise<void> {
  if (await exists(shadowIndexOf(seen))) return;
  await mkdir(stateOf(seen), { recursive: true });
  await copyIndex(shadowIndexOf(workspace), shadowIndexOf(seen));
  const excludes = join(stateOf(seen), 'exclude');
  await copyFile(join(stateOf(workspace), 'exclude'), excludes).catch(() => writeFile(excludes, ''));
}

const hubHas = async (hub: string, commit: string): Promise<boolean> => {
  const found = await git(['cat-file', '-e', `${commit}^{commit}`], { gitDir: hub });
  return found.ok && found.value.code === 0;
};

async function refOf(hub: string, ref: string): Promise<string | null> {
  const found = await gitText(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { gitDir: hub });
  return found.ok ? found.value : null;
}

/** Commits the agent made itself are not taken over: their files count, on top of what the hub has. */
async function parentsOf(workspace: Workspace, head: string, before: Glance | undefined): Promise<readonly string[]> {
  const merging = (await readCloneFile(join(workspace.path, '.git'), 'MERGE_HEAD'))?.trim() ?? '';
  if (before?.head === head && merging === '' && before.parents.length === 1) return before.parents;
  const known = head === workspace.base || (isObjectId(head) && (await hubHas(workspace.hub, head)));
  const parent = known ? head : ((await refOf(workspace.hub, `refs/aios/attempts/${workspace.id}`)) ?? workspace.base);
  const awaited = merging !== '' && (await refOf(workspace.hub, mergeRefOf(workspace))) === merging;
  return awaited && merging !== parent ? [parent, merging] : [parent];
}

/**
 * Looks at a workspace's files (tracked and untracked, not the ignored ones) and keeps them as a commit in `store`, a
 * folder that only glances use. Index, branch and files of the clone are not touched, the hub is only read, and the
 * agent may go on working. `before` makes an unchanged look cheap. One look a store at a time. Fails with `git-failed`.
 */
export async function glance(workspace: Workspace, store: string, before?: Glance): Promise<Result<Glance, Fault>> {
  const opened = await openStore(store, workspace);
  if (!opened.ok) return opened;
  const seen = seenFrom(store, workspace);
  await prepareState(seen, workspace);
  const found = await readCloneHead(join(workspace.path, '.git'));
  const head = found.ok ? found.value.commit : workspace.base;
  const parents = await parentsOf(workspace, head, before);
  const sameGround = before !== undefined && before.parents.join() === parents.join();
  const content = await (sameGround ? treeOfIndex(seen, 'skip') : treeOf(seen, parents[0] ?? workspace.base, 'skip'));
  if (!content.ok) return content;
  const { tree } = content.value;
  if (sameGround && before.tree === tree) return ok({ ...before, head });
  const commit = await createCommit(store, { tree, parents, message: `Glance at ${workspace.id}`, author: AIOS });
  return commit.ok ? ok({ commit: commit.value, tree, parents, head }) : commit;
}

/** Forgets all glances of a store. */
export async function forgetGlances(store: string): Promise<void> {
  await rm(store, { recursive: true, force: true });
}
