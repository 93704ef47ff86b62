import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { commitWorkspace, messageWith } from './commit.ts';
import { shadowCall, type Workspace } from './content.ts';
import { type GitCall, git, gitText, type Person } from './git.ts';
import { updateRefs } from './hub.ts';
import { tipOf } from './merge.ts';
import { withScratchIndex } from './scratch-index.ts';
import { bringHead, createCommit } from './snapshot.ts';

/** A hunk to take out, and how the commit that does it is to be known. */
export interface HunkRevert {
  /** A patch of one hunk, as {@link hunkOf} makes it. */
  readonly patch: string;
  /** Identifies this revert for ever: a second call with the same key returns what the first one did. */
  readonly key: string;
  readonly author: Person;
  readonly trailers?: Readonly<Record<string, string>>;
}

const KEY_TRAILER = 'AIOS-Reject';
const MOST_TRIES = 5;

function conflicting(why: string): Fault {
  return faultOf(
    'hunk-conflict',
    'The hunk cannot be taken out by itself.',
    `What follows it depends on it: ${why}`,
    'Comment on it instead; the agent then changes it.',
  );
}

/**
 * One hunk of a file's diff as a patch of its own. `header` is its `@@` line. Fails with `no-such-hunk` when the diff
 * has none like it, or was cut before its end.
 */
export function hunkOf(diff: string, header: string, truncated: boolean): Result<string, Fault> {
  const lines = diff.split('\n');
  const first = lines.findIndex((line) => line.startsWith('@@ '));
  const start = lines.indexOf(header);
  const after = lines.findIndex((line, index) => index > start && line.startsWith('@@ '));
  if (start < 0 || first < 0 || (truncated && after < 0))
    return err(
      faultOf(
        'no-such-hunk',
        'There is no such hunk.',
        'The file has changed since it was shown, or it is too long.',
        'Load the changes again.',
      ),
    );
  const head = lines.slice(0, first);
  const body = lines.slice(start, after < 0 ? lines.length : after).join('\n');
  return ok(`${patchHead(head).join('\n')}\n${body.endsWith('\n') ? body : `${body}\n`}`);
}

/** A made or deleted file keeps its header; a moved or changed one is patched where it is now. */
function patchHead(head: readonly string[]): readonly string[] {
  const named = head.find((line) => line.startsWith('+++ ')) ?? '';
  const former = head.find((line) => line.startsWith('--- ')) ?? '';
  if (former === '--- /dev/null' || named === '+++ /dev/null') return head;
  return [named.replace(/^\+\+\+ ("?)b\//, '--- $1a/'), named];
}

/** The file a patch is about, for people. */
function pathIn(patch: string): string {
  const line = /^\+\+\+ "?b\/(.*?)"?$/m.exec(patch)?.[1] ?? /^--- "?a\/(.*?)"?$/m.exec(patch)?.[1] ?? 'a file';
  return line.replaceAll(/\p{C}/gu, ' ').trim().slice(0, 200);
}

function messageOf({ patch, key, trailers }: HunkRevert): string {
  return messageWith(`Take out a hunk of ${pathIn(patch)}`, { ...trailers, [KEY_TRAILER]: key });
}

const APPLY = ['apply', '-R', '--whitespace=nowarn'];

/** The commit on a line of commits that carries the key, or null. */
async function revertedBefore(gitDir: string, head: string, key: string): Promise<Result<string | null, Fault>> {
  const args = ['log', '--first-parent', '--max-count=1', '--fixed-strings', `--grep=${KEY_TRAILER}: ${key}`];
  const found = await gitText([...args, '--format=%H', head, '--'], { gitDir });
  return found.ok ? ok(found.value === '' ? null : found.value) : found;
}

/** A tree without the hunk, made in a throw-away index. */
async function treeWithout(hub: string, commit: string, patch: string): Promise<Result<string, Fault>> {
  return withScratchIndex(hub, async (indexFile) => {
    const call: GitCall = { gitDir: hub, indexFile };
    const read = await gitText(['read-tree', commit], call);
    if (!read.ok) return read;
    const applied = await git([...APPLY, '--cached', '-'], { ...call, input: patch });
    if (!applied.ok) return applied;
    if (applied.value.code !== 0) return err(conflicting(applied.value.stderr.trim().slice(0, 1_000)));
    return gitText(['write-tree'], call);
  });
}

/** Says whether a hunk could be taken out of a commit or tree of the hub. Changes nothing. Fails with `hunk-conflict`. */
export async function checkRevert(hub: string, head: string, patch: string): Promise<Result<void, Fault>> {
  const tree = await treeWithout(hub, head, patch);
  return tree.ok ? ok(undefined) : tree;
}

async function revertOnce(hub: string, ref: string, revert: HunkRevert): Promise<Result<string, Fault>> {
  const tip = await tipOf(hub, ref);
  if (!tip.ok) return tip;
  const before = await revertedBefore(hub, tip.value, revert.key);
  if (!before.ok || before.value !== null) return before.ok ? ok(before.value ?? tip.value) : before;
  const tree = await treeWithout(hub, tip.value, revert.patch);
  if (!tree.ok) return tree;
  const request = { tree: tree.value, parents: [tip.value], message: messageOf(revert), author: revert.author };
  const commit = await createCommit(hub, request);
  if (!commit.ok) return commit;
  const moved = await updateRefs(hub, [`update ${ref}\0${commit.value}\0${tip.value}`]);
  return moved.ok ? commit : err({ ...moved.error, tag: 'branch-moved' });
}

/**
 * Takes a hunk out of a branch of the hub with a commit on its tip, moved only if nobody moved it meanwhile. Killed at
 * any instant and called again with the same key, it has been done once. Fails with `hunk-conflict`, `no-such-branch`
 * or `branch-moved`.
 */
export async function revertOnBranch(hub: string, ref: string, revert: HunkRevert): Promise<Result<string, Fault>> {
  let outcome = await revertOnce(hub, ref, revert);
  for (let tries = 1; tries < MOST_TRIES && !outcome.ok && outcome.error.tag === 'branch-moved'; tries += 1)
    outcome = await revertOnce(hub, ref, revert);
  return outcome;
}

/**
 * Takes a hunk out of a workspace's files and commits that there. No process of the workspace may be alive. Killed at any
 * instant and called again with the same key, it has been done once. Fails with `hunk-conflict` or `workspace-damaged`.
 */
export async function revertInWorkspace(workspace: Workspace, revert: HunkRevert): Promise<Result<string, Fault>> {
  const head = await bringHead(workspace);
  if (!head.ok) return head;
  const before = await revertedBefore(workspace.hub, head.value.commit, revert.key);
  if (!before.ok) return before;
  if (before.value !== null) return ok(head.value.commit);
  const call: GitCall = { ...shadowCall(workspace), input: revert.patch };
  const applied = await git([...APPLY, '-'], call);
  if (!applied.ok) return applied;
  if (applied.value.code !== 0) {
    // Cut off between the files and the commit: the files are right already.
    const again = await git(['apply', '--check', '--whitespace=nowarn', '-'], call);
    if (!again.ok || again.value.code !== 0) return err(conflicting(applied.value.stderr.trim().slice(0, 1_000)));
  }
  const committed = await commitWorkspace({
    workspace,
    author: revert.author,
    message: `Take out a hunk of ${pathIn(revert.patch)}`,
    trailers: { ...revert.trailers, [KEY_TRAILER]: revert.key },
  });
  return committed.ok ? ok(committed.value.commit) : committed;
}
