import { join } from 'node:path';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { type CloneHead, readCloneFile, readCloneHead, readCloneRefs, writeCloneFile } from './clone-files.ts';
import { treeSince, type Workspace } from './content.ts';
import { type GitCall, git, gitText, type Person } from './git.ts';
import { objectsOf, updateRefs } from './hub.ts';
import { checkId } from './names.ts';
import { transfer } from './transfer.ts';

/** A commit that holds a workspace's files at one moment. */
export interface Snapshot {
  readonly commit: string;
  /** The commit it was made on top of. */
  readonly parent: string;
  readonly tree: string;
  /** Repositories inside the workspace; their files are part of the snapshot, their histories are not. */
  readonly embedded: readonly string[];
}

const AIOS: Person = { name: 'AIOS', email: 'aios@localhost' };

/** One at a time per workspace: its index in the hub has one writer. */
const turns = keyedMutex();

/** Runs work on a workspace's index while nobody else does. */
export function inTurn<T>(workspace: Workspace, work: () => Promise<T>): Promise<T> {
  return turns.run(workspace.path, work);
}

/** What {@link createCommit} writes. */
export interface CommitRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
}

/** Writes a commit object into a repository; moves no ref. */
export async function createCommit(gitDir: string, request: CommitRequest): Promise<Result<string, Fault>> {
  const parents = request.parents.flatMap((parent) => ['-p', parent]);
  const call: GitCall = { gitDir, person: request.author, input: `${request.message.trim()}\n` };
  return gitText(['commit-tree', '--no-gpg-sign', ...parents, '-F', '-', request.tree], call);
}

async function repairAlternates(workspace: Workspace, gitDir: string): Promise<Result<void, Fault>> {
  const name = 'objects/info/alternates';
  const expected = `${objectsOf(workspace.hub)}\n`;
  if ((await readCloneFile(gitDir, name)) === expected) return ok(undefined);
  // An agent that pointed it elsewhere could have us read the objects of a repository it may not see.
  return writeCloneFile(gitDir, name, expected);
}

/** Copies a commit of the clone into the hub, complete and checked. The base came from there. */
async function takeOver(workspace: Workspace, commit: string): Promise<Result<void, Fault>> {
  if (commit === workspace.base) return ok(undefined);
  const gitDir = join(workspace.path, '.git');
  const repaired = await repairAlternates(workspace, gitDir);
  if (!repaired.ok) return repaired;
  return transfer({
    from: { gitDir: workspace.hub, borrow: [objectsOf(gitDir)] },
    to: { gitDir: workspace.hub },
    wants: [commit],
    haves: [workspace.base],
  });
}

/** Where the clone's HEAD points, once its commit is safely in the hub. Fails with `workspace-damaged`. */
export async function bringHead(workspace: Workspace): Promise<Result<CloneHead, Fault>> {
  const head = await readCloneHead(join(workspace.path, '.git'));
  if (!head.ok) return head;
  const brought = await takeOver(workspace, head.value.commit);
  return brought.ok ? head : brought;
}

/** Keeps every other ref of the clone (branches, stashes, tags), each on its own: one bad ref loses only itself. */
async function keepRefs(workspace: Workspace, id: string): Promise<void> {
  const refs = await readCloneRefs(join(workspace.path, '.git'));
  const records: string[] = [];
  for (const [name, commit] of refs) {
    const brought = await takeOver(workspace, commit);
    if (brought.ok) records.push(`update refs/aios/kept/${id}/${name.slice(5)}\0${commit}\0`);
  }
  const kept = await updateRefs(workspace.hub, records);
  if (!kept.ok) for (const record of records) await updateRefs(workspace.hub, [record]);
}

/** The last snapshot of each workspace: one of the same files on the same commit is that one. */
const last = new Map<string, Snapshot>();

/** Forgets the last snapshot of a workspace that is gone. */
export function forgetSnapshot(workspace: Workspace): void {
  last.delete(workspace.path);
}

async function snapshotInTurn(workspace: Workspace, id: string): Promise<Result<Snapshot, Fault>> {
  const head = await bringHead(workspace);
  // Without a readable history the files still count: they are kept on top of where the workspace started.
  const parent = head.ok ? head.value.commit : workspace.base;
  const content = await treeSince(workspace, parent);
  if (!content.ok) return content;
  const { tree, embedded } = content.value;
  const before = last.get(workspace.path);
  const request = { tree, parents: [parent], message: `Snapshot of ${workspace.id}`, author: AIOS };
  const same = before?.parent === parent && before.tree === tree;
  const commit = same ? ok(before.commit) : await createCommit(workspace.hub, request);
  if (!commit.ok) return commit;
  const stored = await updateRefs(workspace.hub, [`update refs/aios/snapshots/${id}\0${commit.value}\0`]);
  if (!stored.ok) return stored;
  const snapshot = { commit: commit.value, parent, tree, embedded };
  last.set(workspace.path, snapshot);
  return ok(snapshot);
}

/**
 * Stores the workspace's files (tracked and untracked, not the ignored ones) as a commit in the hub under
 * `refs/aios/snapshots/<id>`. The agent's index, branch and files are not touched, and it may go on working. Works on a
 * damaged clone too. Fails with `bad-id` or `git-failed`.
 */
export async function snapshotWorkspace(workspace: Workspace, id: string): Promise<Result<Snapshot, Fault>> {
  const checked = checkId(id);
  return checked.ok ? inTurn(workspace, () => snapshotInTurn(workspace, id)) : checked;
}

/** A {@link snapshotWorkspace} that keeps the clone's other refs and stashes too, as `refs/aios/kept/<id>/*`. */
export async function keepWorkspace(workspace: Workspace, id: string): Promise<Result<Snapshot, Fault>> {
  const snapshot = await snapshotWorkspace(workspace, id);
  if (snapshot.ok) await keepRefs(workspace, id);
  return snapshot;
}

/**
 * Brings the commit at the workspace's HEAD into the hub as `refs/aios/attempts/<id>`, whoever committed it. Fails with
 * `workspace-damaged` or `transfer-refused`.
 */
export async function collect(workspace: Workspace): Promise<Result<{ readonly commit: string }, Fault>> {
  const head = await bringHead(workspace);
  if (!head.ok) return head;
  const { commit } = head.value;
  const stored = await updateRefs(workspace.hub, [`update refs/aios/attempts/${workspace.id}\0${commit}\0`]);
  return stored.ok ? ok({ commit }) : stored;
}

/** True when `ancestor` is reachable from `descendant` in a repository that has both. */
export async function isAncestor(
  gitDir: string,
  ancestor: string,
  descendant: string,
): Promise<Result<boolean, Fault>> {
  const asked = await git(['merge-base', '--is-ancestor', ancestor, descendant], { gitDir });
  return asked.ok ? ok(asked.value.code === 0) : asked;
}
