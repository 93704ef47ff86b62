import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { gitBytes, gitText, type Person } from './git.ts';
import { advance, tipOf } from './merge.ts';
import { withScratchIndex } from './scratch-index.ts';
import { createCommit } from './snapshot.ts';

/** A file as a branch has it. */
export interface BranchFile {
  /** git's id of its content. */
  readonly blob: string;
  readonly text: string;
}

/** A file to be written to a branch, and what its commit says. */
export interface FileToWrite {
  readonly path: string;
  readonly text: string;
  readonly message: string;
  readonly author: Person;
}

/** Reads a file of a branch; null when it has none. Fails with `no-such-branch` or `git-failed`. */
export async function readBranchFile(
  hub: string,
  ref: string,
  path: string,
): Promise<Result<BranchFile | null, Fault>> {
  const tip = await tipOf(hub, ref);
  if (!tip.ok) return tip;
  const blob = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${tip.value}:${path}`], {
    gitDir: hub,
  });
  if (!blob.ok) return ok(null);
  const bytes = await gitBytes(['cat-file', 'blob', blob.value], { gitDir: hub });
  return bytes.ok ? ok({ blob: blob.value, text: bytes.value.toString('utf8') }) : bytes;
}

/** git's id of a text, stored in the hub. */
async function storeText(hub: string, text: string): Promise<Result<string, Fault>> {
  return gitText(['hash-object', '-w', '--stdin'], { gitDir: hub, input: text });
}

async function writeOnce(hub: string, ref: string, file: FileToWrite): Promise<Result<string, Fault>> {
  const tip = await tipOf(hub, ref);
  if (!tip.ok) return tip;
  const blob = await storeText(hub, file.text);
  if (!blob.ok) return blob;
  const there = await readBranchFile(hub, ref, file.path);
  if (!there.ok) return there;
  if (there.value?.blob === blob.value) return blob;
  const tree = await withScratchIndex(hub, async (indexFile) => {
    const call = { gitDir: hub, indexFile };
    const read = await gitText(['read-tree', tip.value], call);
    if (!read.ok) return read;
    const added = await gitText(['update-index', '--add', '--cacheinfo', `100644,${blob.value},${file.path}`], call);
    return added.ok ? gitText(['write-tree'], call) : added;
  });
  if (!tree.ok) return tree;
  const { message, author } = file;
  const commit = await createCommit(hub, { tree: tree.value, parents: [tip.value], message, author });
  if (!commit.ok) return commit;
  const moved = await advance(hub, ref, commit.value, tip.value);
  return moved.ok ? blob : moved;
}

/** Times a commit is made anew because the branch moved. */
const MOST_TRIES = 8;

/**
 * Writes a file to a branch of the hub with a commit of its own; nothing when the branch has it so already. The value is
 * git's id of its content. Fails with `no-such-branch`, `branch-moved` or `git-failed`.
 */
export async function writeBranchFile(hub: string, ref: string, file: FileToWrite): Promise<Result<string, Fault>> {
  let written = await writeOnce(hub, ref, file);
  for (let tries = 1; tries < MOST_TRIES && !written.ok && written.error.tag === 'branch-moved'; tries += 1)
    written = await writeOnce(hub, ref, file);
  return written;
}
