import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { readCloneFile, readKept, writeCloneFile } from './clone-files.ts';
import { mergeRefOf } from './commit.ts';
import { shadowCall, shadowIndexOf, stateOf, treeOf, type Workspace } from './content.ts';
import { type GitCall, gitBytes, gitText } from './git.ts';
import { updateRefs, writeKept } from './hub.ts';
import { type ConflictStage, mergeTrees, type TreeMerge } from './merge-tree.ts';
import { checkObjectId } from './names.ts';
import { bringHead, inTurn, isAncestor } from './snapshot.ts';

/** A merge that waits in a workspace for someone to resolve it. */
export interface PreparedConflict {
  /** False when there was nothing to merge, so that nothing waits. */
  readonly merging: boolean;
  /** Paths in conflict; empty when the merge was clean and only needs to be committed. */
  readonly files: readonly string[];
  readonly messages: readonly string[];
}

const LARGEST_SCAN = 32 * 1024 * 1024;

function uncommitted(): Fault {
  return faultOf(
    'workspace-not-committed',
    'The workspace has changes that are not committed.',
    'A merge on top of them could not be told apart from them.',
    'Commit the workspace first.',
  );
}

/** Puts the three versions of each conflicting file into an index, as git does in a merge. */
async function unmerge(call: GitCall, stages: readonly ConflictStage[]): Promise<Result<void, Fault>> {
  const zero = '0'.repeat(stages[0]?.id.length ?? 40);
  const removals = [...new Set(stages.map((stage) => stage.path))].map((path) => `0 ${zero}\t${path}\0`);
  const additions = stages.map(({ mode, id, stage, path }) => `${mode} ${id} ${stage}\t${path}\0`);
  const done = await gitBytes(['update-index', '-z', '--index-info'], {
    ...call,
    input: [...removals, ...additions].join(''),
  });
  return done.ok ? ok(undefined) : done;
}

async function cleanHead(workspace: Workspace): Promise<Result<string, Fault>> {
  const head = await bringHead(workspace);
  if (!head.ok) return head;
  const content = await treeOf(workspace, head.value.commit, 'skip');
  if (!content.ok) return content;
  const committed = await gitText(['rev-parse', `${head.value.commit}^{tree}`], { gitDir: workspace.hub });
  if (!committed.ok) return committed;
  return committed.value === content.value.tree ? ok(head.value.commit) : err(uncommitted());
}

/** What AIOS remembers of a merge it put into a workspace; `preparing` while the files are being written. */
interface MergeNote {
  readonly phase: 'preparing' | 'ready';
  readonly head: string;
  readonly goalTip: string;
  readonly files: readonly string[];
  readonly messages: readonly string[];
}

function noteFile(workspace: Workspace): string {
  return join(stateOf(workspace), 'conflict.json');
}

async function readNote(workspace: Workspace): Promise<MergeNote | null> {
  const kept = await readKept(noteFile(workspace));
  // AIOS alone writes this file, in one step, so its shape is known.
  return kept === null ? null : (JSON.parse(kept) as MergeNote);
}

async function writeNote(workspace: Workspace, note: MergeNote): Promise<void> {
  await writeKept(noteFile(workspace), JSON.stringify(note));
}

/** Writes the merge's files, then everything that makes git in the clone see a merge in progress. */
async function showMerge(workspace: Workspace, note: MergeNote, merge: TreeMerge): Promise<Result<void, Fault>> {
  const call = shadowCall(workspace);
  // `--reset`: nothing uncommitted was there when the note was written, so what differs is a cut-off call of ours.
  const updated = await gitBytes(['read-tree', '--reset', '-u', merge.tree], call);
  if (!updated.ok) return updated;
  const unmerged = merge.stages.length > 0 ? await unmerge(call, merge.stages) : ok(undefined);
  if (!unmerged.ok) return unmerged;
  const noted = await updateRefs(workspace.hub, [`update ${mergeRefOf(workspace)}\0${note.goalTip}\0`]);
  if (!noted.ok) return noted;
  const gitDir = join(workspace.path, '.git');
  const written: ReadonlyArray<readonly [string, string | Uint8Array]> = [
    ['index', await readFile(shadowIndexOf(workspace))],
    ['MERGE_MSG', "Merge the goal's branch\n"],
    ['MERGE_HEAD', `${note.goalTip}\n`],
  ];
  for (const [name, content] of written) {
    const done = await writeCloneFile(gitDir, name, content);
    if (!done.ok) return done;
  }
  await writeNote(workspace, { ...note, phase: 'ready' });
  return ok(undefined);
}

async function startMerge(
  workspace: Workspace,
  goalTip: string,
  head: string,
): Promise<Result<PreparedConflict, Fault>> {
  const contained = await isAncestor(workspace.hub, goalTip, head);
  if (!contained.ok) return contained;
  if (contained.value) return ok({ merging: false, files: [], messages: [] });
  const merge = await mergeTrees(workspace.hub, head, goalTip);
  if (!merge.ok) return merge;
  const { files, messages } = merge.value;
  const note: MergeNote = { phase: 'preparing', head, goalTip, files, messages };
  await writeNote(workspace, note);
  const shown = await showMerge(workspace, note, merge.value);
  return shown.ok ? ok({ merging: true, files, messages }) : shown;
}

async function prepareInTurn(workspace: Workspace, goalTip: string): Promise<Result<PreparedConflict, Fault>> {
  const note = await readNote(workspace);
  const claimed = (await readCloneFile(join(workspace.path, '.git'), 'MERGE_HEAD'))?.trim();
  if (note?.phase === 'ready' && note.goalTip === goalTip && claimed === goalTip)
    return ok({ merging: true, files: note.files, messages: note.messages });
  const now = await bringHead(workspace);
  if (!now.ok) return now;
  const cutOff = note?.phase === 'preparing' && note.head === now.value.commit;
  const head = cutOff ? ok(now.value.commit) : await cleanHead(workspace);
  return head.ok ? startMerge(workspace, goalTip, head.value) : head;
}

/**
 * Merges a goal's tip into the workspace's branch and leaves what conflicts there with markers, as an ordinary merge in
 * progress that the agent can look at with git. `commitWorkspace` concludes it with both parents. No process of the
 * workspace may be alive, and everything must be committed. Fails with `workspace-not-committed` or `workspace-damaged`.
 */
export async function prepareConflict(workspace: Workspace, goalTip: string): Promise<Result<PreparedConflict, Fault>> {
  const checked = checkObjectId(goalTip);
  return checked.ok ? inTurn(workspace, () => prepareInTurn(workspace, goalTip)) : checked;
}

async function hasMarkers(path: string): Promise<boolean> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | constants.O_NONBLOCK).catch(
    () => null,
  );
  if (!handle) return false;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > LARGEST_SCAN) return false;
    const text = await handle.readFile('latin1');
    return /^<{7} /m.test(text) || /^>{7} /m.test(text);
  } finally {
    await handle.close();
  }
}

/** Paths of the last prepared conflict that still contain conflict markers. */
export async function conflictMarkersLeft(workspace: Workspace): Promise<readonly string[]> {
  const files = (await readNote(workspace))?.files ?? [];
  const left: string[] = [];
  for (const file of files) if (await hasMarkers(join(workspace.path, file))) left.push(file);
  return left;
}
