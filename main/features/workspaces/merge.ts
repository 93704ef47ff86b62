import { failpoint } from '#main/platform/failpoint.ts';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { messageWith } from './commit.ts';
import { gitText, type Person } from './git.ts';
import { updateRefs } from './hub.ts';
import { mergeTrees } from './merge-tree.ts';
import { checkBranchName, checkObjectId } from './names.ts';
import { sameNames } from './same-names.ts';
import { createCommit, isAncestor } from './snapshot.ts';

/** What a check of a merged commit must say at least. */
export interface Verification {
  readonly passed: boolean;
}

/** A commit to be merged into a goal's branch. */
export interface MergeRequest<V extends Verification> {
  readonly hub: string;
  /** Full ref in the hub, for example `refs/heads/aios/login`. */
  readonly goalBranch: string;
  readonly commit: string;
  /** Identifies this merge for ever: a second call with the same key returns what the first one did. */
  readonly key: string;
  readonly message: string;
  readonly author: Person;
  /** Decides whether the merged commit may become the branch's tip; a rejection of the promise is passed on. */
  readonly verify: (commit: string) => Promise<V>;
}

/** How a merge ended. Only `merged` moved the branch. */
export type MergeOutcome<V extends Verification> =
  | {
      readonly kind: 'merged';
      readonly commit: string;
      readonly previous: string;
      readonly repeated: boolean;
    }
  | {
      readonly kind: 'conflict';
      readonly tip: string;
      readonly files: readonly string[];
      readonly messages: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly tip: string }
  | { readonly kind: 'rejected'; readonly commit: string; readonly tip: string; readonly verification: V };

const KEY_TRAILER = 'AIOS-Merge';
const MOST_ATTEMPTS = 5;
const SAME_NAMES = 'Names that differ only in upper and lower case: rename one of them.';
const turns = keyedMutex();

/** The commit a ref of a repository points at. Fails with `no-such-branch`. */
export async function tipOf(gitDir: string, ref: string): Promise<Result<string, Fault>> {
  const tip = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    gitDir,
  });
  return tip.ok ? tip : err(noSuchBranch(ref));
}

/** The fault for a ref that a repository does not have. */
export function noSuchBranch(ref: string): Fault {
  return faultOf(
    'no-such-branch',
    `There is no branch ${ref}.`,
    'It was never made, or it was deleted.',
    'Choose another branch.',
  );
}

/** The fault for a ref that is no longer where it was. */
export function branchMoved(ref: string, why: string): Fault {
  return faultOf(
    'branch-moved',
    `${ref} moved while a merge was prepared.`,
    why,
    'The merge is tried again on the new tip.',
  );
}

/** Moves a ref only when it still points at `from`. Fails with `branch-moved`. */
export async function advance(hub: string, ref: string, to: string, from: string): Promise<Result<void, Fault>> {
  const moved = await updateRefs(hub, [`update ${ref}\0${to}\0${from}`]);
  return moved.ok ? moved : err(branchMoved(ref, moved.error.why));
}

/**
 * Makes a goal's branch at `base` in the hub unless it exists; an existing one stays where it is. The value is its tip.
 * Fails with `bad-branch-name` or `bad-commit`.
 */
export async function openGoalBranch(hub: string, goalBranch: string, base: string): Promise<Result<string, Fault>> {
  const named = checkBranchName(goalBranch.replace(/^refs\/heads\//, ''));
  if (!named.ok) return named;
  const commit = checkObjectId(base);
  if (!commit.ok) return commit;
  const there = await tipOf(hub, goalBranch);
  if (there.ok) return there;
  const made = await updateRefs(hub, [`create ${goalBranch}\0${base}`]);
  return made.ok ? ok(base) : made;
}

/** The merge commit on the branch's own line that carries the key, with its first parent. */
export async function mergedBefore(
  request: Pick<MergeRequest<Verification>, 'hub' | 'key'>,
  tip: string,
): Promise<Result<{ commit: string; previous: string } | null, Fault>> {
  const format = `--format=%H %P%x00%(trailers:key=${KEY_TRAILER},valueonly,separator=%x01)%x02`;
  // Only merges AIOS made are first parents here, so an agent's commit cannot claim a key.
  const args = [
    'log',
    '--first-parent',
    '--merges',
    '--fixed-strings',
    `--grep=${KEY_TRAILER}: ${request.key}`,
    format,
    tip,
    '--',
  ];
  const listed = await gitText(args, { gitDir: request.hub });
  if (!listed.ok) return listed;
  for (const record of listed.value.split('\x02')) {
    const [ids = '', trailers = ''] = record.trim().split('\0');
    const [commit = '', previous = ''] = ids.split(' ');
    if (
      trailers
        .split('\x01')
        .map((value) => value.trim())
        .includes(request.key)
    )
      return ok({ commit, previous });
  }
  return ok(null);
}

/** A merge commit that no branch has yet, or the conflict in its way. */
export type MadeMerge =
  | { readonly kind: 'made'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly messages: readonly string[] };

/** Merges a commit on top of another. Two names that only a case-sensitive disk can tell apart are a conflict too. */
export async function mergeOnto(
  request: Pick<MergeRequest<Verification>, 'hub' | 'commit' | 'key' | 'message' | 'author'>,
  tip: string,
): Promise<Result<MadeMerge, Fault>> {
  const { hub, commit, key, author } = request;
  const merged = await mergeTrees(hub, tip, commit);
  if (!merged.ok) return merged;
  const { clean, tree, files, messages } = merged.value;
  if (!clean) return ok({ kind: 'conflict', files, messages });
  const same = await sameNames(hub, tip, tree);
  if (!same.ok) return same;
  if (same.value.length > 0) return ok({ kind: 'conflict', files: same.value, messages: [SAME_NAMES] });
  const message = messageWith(request.message, { [KEY_TRAILER]: key });
  const made = await createCommit(hub, { tree, parents: [tip, commit], message, author });
  return made.ok ? ok({ kind: 'made', commit: made.value }) : made;
}

async function mergeOnce<V extends Verification>(request: MergeRequest<V>): Promise<Result<MergeOutcome<V>, Fault>> {
  const { hub, goalBranch, commit } = request;
  const tip = await tipOf(hub, goalBranch);
  if (!tip.ok) return tip;
  const before = await mergedBefore(request, tip.value);
  if (!before.ok) return before;
  if (before.value) return ok({ kind: 'merged', ...before.value, repeated: true });
  const contained = await isAncestor(hub, commit, tip.value);
  if (!contained.ok) return contained;
  if (contained.value) return ok({ kind: 'nothing', tip: tip.value });
  const made = await mergeOnto(request, tip.value);
  if (!made.ok) return made;
  if (made.value.kind === 'conflict') return ok({ ...made.value, tip: tip.value });
  const merge = made.value.commit;
  failpoint('merge-computed');
  const verification = await request.verify(merge);
  if (!verification.passed) return ok({ kind: 'rejected', commit: merge, tip: tip.value, verification });
  const moved = await advance(hub, goalBranch, merge, tip.value);
  if (!moved.ok) return moved;
  failpoint('merge-written');
  return ok({ kind: 'merged', commit: merge, previous: tip.value, repeated: false });
}

/** Tries again, a few times, when the branch was moved by somebody else meanwhile. */
export async function untilStill<T>(work: () => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
  let outcome = await work();
  for (let attempt = 1; attempt < MOST_ATTEMPTS && !outcome.ok && outcome.error.tag === 'branch-moved'; attempt += 1)
    outcome = await work();
  return outcome;
}

/** Runs work on a branch while no other merge does. */
export function inBranchTurn<T>(
  { hub, goalBranch }: { hub: string; goalBranch: string },
  work: () => Promise<T>,
): Promise<T> {
  return turns.run(`${hub} ${goalBranch}`, work);
}

/**
 * Merges a commit into a goal's branch: on top of the current tip, always as a merge commit, verified before the branch
 * moves, and moved only if nobody moved it meanwhile. Merges into one branch run one after the other. Killed at any
 * instant and called again with the same key, it has been done once. `commit` must be in the hub. Fails with
 * `no-such-branch`, `branch-moved` or `git-failed`.
 */
export function mergeIntoGoal<V extends Verification>(
  request: MergeRequest<V>,
): Promise<Result<MergeOutcome<V>, Fault>> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/.test(request.key))
    return Promise.resolve(
      err(
        faultOf(
          'bad-id',
          'The merge key cannot be used.',
          'It becomes a line of a commit message.',
          'Use letters, digits, dash, dot, colon and underscore.',
        ),
      ),
    );
  const checked = checkObjectId(request.commit);
  if (!checked.ok) return Promise.resolve(checked);
  return inBranchTurn(request, () => untilStill(() => mergeOnce(request)));
}
