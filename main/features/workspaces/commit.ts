import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failpoint } from '#main/platform/failpoint.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { type CloneHead, moveCloneHead, readCloneFile, writeCloneFile } from './clone-files.ts';
import { shadowIndexOf, treeOf, type Workspace } from './content.ts';
import { gitText, type Person } from './git.ts';
import { bringHead, collect, createCommit, inTurn, isAncestor } from './snapshot.ts';

/** What AIOS records when it commits an agent's work. */
export interface WorkspaceCommit {
  readonly workspace: Workspace;
  readonly message: string;
  readonly author: Person;
  /** Written at the end of the message, one `Name: value` a line. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** The workspace's head after a commit, and whether it moved. */
export interface Committed {
  readonly commit: string;
  /** False when there was nothing to commit; the head may still differ from the base if the agent committed. */
  readonly changed: boolean;
  /** Repositories inside the workspace, which commits leave out. */
  readonly embedded: readonly string[];
}

/** A message with its trailers as the last paragraph; line breaks inside a trailer become spaces. */
export function messageWith(message: string, trailers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ').trim()}`);
  const body = message.replaceAll('\0', '').trim() || 'Work of an agent';
  return lines.length === 0 ? body : `${body}\n\n${lines.join('\n')}`;
}

/** The commit being merged into the workspace, if AIOS started that merge and it was not called off since. */
async function pendingMerge(workspace: Workspace, head: string): Promise<string | null> {
  const gitDir = join(workspace.path, '.git');
  const started = await gitText(['rev-parse', '--verify', '--quiet', mergeRefOf(workspace)], {
    gitDir: workspace.hub,
  });
  const claimed = (await readCloneFile(gitDir, 'MERGE_HEAD'))?.trim();
  if (!started.ok || started.value !== claimed) return null;
  // Concluded already, by the agent or by a commit of ours that was cut off while tidying up.
  const concluded = await isAncestor(workspace.hub, started.value, head);
  return concluded.ok && !concluded.value ? started.value : null;
}

/** The hub's ref for a merge that an agent was asked to finish. */
export function mergeRefOf(workspace: Workspace): string {
  return `refs/aios/merging/${workspace.id}`;
}

/** Shows the agent a clean clone at the new commit: its index, its branch, no merge in progress. */
async function showCommit(request: WorkspaceCommit, head: CloneHead, commit: string): Promise<Result<void, Fault>> {
  const gitDir = join(request.workspace.path, '.git');
  const index = await writeCloneFile(gitDir, 'index', await readFile(shadowIndexOf(request.workspace)));
  if (!index.ok) return index;
  const moved = await moveCloneHead(gitDir, head, commit);
  if (!moved.ok) return moved;
  for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'index.lock'])
    await rm(join(gitDir, name), { force: true });
  return ok(undefined);
}

async function commitInTurn(request: WorkspaceCommit): Promise<Result<Committed, Fault>> {
  const { workspace, author } = request;
  const head = await bringHead(workspace);
  if (!head.ok) return head;
  const parent = head.value.commit;
  const content = await treeOf(workspace, parent, 'skip');
  if (!content.ok) return content;
  const { tree, embedded } = content.value;
  const merging = await pendingMerge(workspace, parent);
  const before = await gitText(['rev-parse', `${parent}^{tree}`], { gitDir: workspace.hub });
  if (!before.ok) return before;
  if (before.value === tree && merging === null) return ok({ commit: parent, changed: false, embedded });
  const parents = merging === null ? [parent] : [parent, merging];
  const message = messageWith(request.message, request.trailers ?? {});
  const commit = await createCommit(workspace.hub, { tree, parents, message, author });
  if (!commit.ok) return commit;
  const shown = await showCommit(request, head.value, commit.value);
  return shown.ok ? ok({ commit: commit.value, changed: true, embedded }) : shown;
}

/**
 * Commits everything in the workspace that is not ignored, concludes a merge AIOS prepared, and brings the head into
 * the hub as `refs/aios/attempts/<id>`. Without changes it only does the latter. No process of the workspace may be
 * alive. Runs no hook and no filter. Fails with `workspace-damaged`, `transfer-refused` or `git-failed`.
 */
export async function commitWorkspace(request: WorkspaceCommit): Promise<Result<Committed, Fault>> {
  const committed = await inTurn(request.workspace, () => commitInTurn(request));
  if (!committed.ok) return committed;
  const collected = await collect(request.workspace);
  if (!collected.ok) return collected;
  failpoint('attempt-committed');
  return committed;
}
