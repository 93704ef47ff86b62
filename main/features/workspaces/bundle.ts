import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { writeCloneFile } from './clone-files.ts';
import type { Workspace } from './content.ts';
import { gitBytes, gitText, type Person } from './git.ts';
import { updateRefs } from './hub.ts';
import { checkObjectId } from './names.ts';
import { snapshotWorkspace } from './snapshot.ts';
import { indexPack } from './transfer.ts';
import { createWorkspace } from './workspace.ts';

/** A workspace's work in one piece: its files as a commit on top of its HEAD, and what leads there. */
export interface WorkspaceBundle {
  readonly commit: string;
  readonly head: string;
  readonly tree: string;
}

/** Where a bundle comes back to life. */
export interface RestoreRequest {
  readonly workspace: Workspace;
  readonly author: Person;
  /** Commit a bundle says it holds. */
  readonly commit: string;
  readonly bundle: Uint8Array;
  /** The user's checkout and the trusted commit that says which untracked files come along. */
  readonly include: { readonly from: string; readonly commit: string };
}

const savedId = (workspace: Workspace) => `saved-${workspace.id}`;
const savedRef = (workspace: Workspace) => `refs/aios/snapshots/${savedId(workspace)}`;

/** Snapshots a workspace to be saved. Its files, index and branch are not touched. */
export async function bundledState(workspace: Workspace): Promise<Result<WorkspaceBundle, Fault>> {
  const snapshot = await snapshotWorkspace(workspace, savedId(workspace));
  if (!snapshot.ok) return snapshot;
  const { commit, tree, parent } = snapshot.value;
  return ok({ commit, tree, head: parent });
}

/** The git bundle of the last {@link bundledState}, without what `since` reaches; `since` is what its reader has. */
export function bundleOf(workspace: Workspace, since: string): Promise<Result<Buffer, Fault>> {
  const args = ['bundle', 'create', '--quiet', '-', savedRef(workspace), `^${since}`];
  return gitBytes(args, { gitDir: workspace.hub });
}

function damaged(why: string): Fault {
  return faultOf(
    'save-damaged',
    'What was saved of the workspace cannot be used.',
    why,
    'Give the task a new attempt.',
  );
}

/** The pack of a bundle, whose header ends with an empty line and names the commit. */
function packOf(bundle: Uint8Array, commit: string): Result<Uint8Array, Fault> {
  const end = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength).indexOf('\n\n');
  const header = end < 0 ? '' : Buffer.from(bundle.subarray(0, end)).toString('utf8');
  if (!/^# v[23] git bundle\n/.test(header)) return err(damaged('It is no git bundle.'));
  if (!header.split('\n').some((line) => line.startsWith(`${commit} `)))
    return err(damaged('It holds another commit than was saved.'));
  return ok(bundle.subarray(end + 2));
}

/**
 * Makes a workspace again from its bundle, in this or another hub that has what the bundle builds on: files, uncommitted
 * changes and commits as they were; the index as at HEAD. Every object is checked on arrival. Untracked files come from
 * the user's checkout again, by the trusted rules. Fails with `save-damaged`, `transfer-refused`, `git-failed`.
 */
export async function restoreWorkspace(request: RestoreRequest): Promise<Result<void, Fault>> {
  const { workspace, author, commit, bundle, include } = request;
  const valid = checkObjectId(commit);
  if (!valid.ok) return valid;
  const pack = packOf(bundle, commit);
  if (!pack.ok) return pack;
  const indexed = await indexPack({ gitDir: workspace.hub, input: pack.value });
  if (!indexed.ok) return indexed;
  const kept = await updateRefs(workspace.hub, [`update ${savedRef(workspace)}\0${commit}\0`]);
  if (!kept.ok) return kept;
  // With the snapshot as its first commit the files are complete when it takes its place; then HEAD goes back by one.
  const made = await createWorkspace({ ...workspace, base: commit, author, include });
  if (!made.ok) return made;
  return backToHead(workspace, commit);
}

async function backToHead(workspace: Workspace, commit: string): Promise<Result<void, Fault>> {
  const head = await gitText(['rev-parse', `${commit}^`], { gitDir: workspace.hub });
  if (!head.ok) return head;
  const gitDir = join(workspace.path, '.git');
  const moved = await writeCloneFile(gitDir, `refs/heads/${workspace.branch}`, `${head.value}\n`);
  if (!moved.ok) return moved;
  const reset = await gitBytes(['read-tree', '--reset', head.value], { gitDir, workTree: workspace.path });
  return reset.ok ? ok(undefined) : reset;
}

/** Whether a workspace's folder is there. */
export async function isThere(workspace: Workspace): Promise<boolean> {
  return readdir(workspace.path).then(
    () => true,
    () => false,
  );
}
