import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { treeOf, type Workspace } from './content.ts';
import type { Range } from './diff.ts';
import { type GitCall, gitBytes, gitText } from './git.ts';
import { checkObjectId, splitNul } from './names.ts';
import { withScratchIndex } from './scratch-index.ts';
import { bringHead, inTurn, isAncestor } from './snapshot.ts';

/** One changed file with its counts; null counts are binary files, or ones too large to count in time. */
export interface FileChange {
  readonly path: string;
  readonly from: string | null;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
  readonly additions: number | null;
  readonly deletions: number | null;
}

/** A commit as lists show it. `at` is wall-clock milliseconds. */
export interface CommitInfo {
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  readonly at: number;
}

/** A workspace as it is now, committed or not. */
export interface LiveState {
  /** The commit at its HEAD, which the hub has. */
  readonly commit: string;
  /** What its files are: the commit, or a tree in the hub when they differ from it. */
  readonly head: string;
  readonly uncommitted: boolean;
}

const COUNT_WITHIN_MS = 20_000;
/** What is larger counts as binary: comparing it by lines helps nobody. */
const LARGEST_TEXT = '32m';
const MOST_COMMITS = 1_000;
const STATUS: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
};
const PLAIN = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', '-z'];

/** Looks at a workspace's files without touching its index, branch or files; an agent may go on working in it. */
export function liveState(workspace: Workspace): Promise<Result<LiveState, Fault>> {
  return inTurn(workspace, async () => {
    const head = await bringHead(workspace);
    if (!head.ok) return head;
    const { commit } = head.value;
    const content = await treeOf(workspace, commit, 'skip');
    if (!content.ok) return content;
    const committed = await gitText(['rev-parse', `${commit}^{tree}`], { gitDir: workspace.hub });
    if (!committed.ok) return committed;
    const uncommitted = committed.value !== content.value.tree;
    return ok({ commit, head: uncommitted ? content.value.tree : commit, uncommitted });
  });
}

/** One record of `--raw -z`: modes, ids and paths. */
export interface RawChange {
  readonly path: string;
  readonly from: string | null;
  readonly letter: string;
  readonly before: { readonly mode: string; readonly id: string };
  readonly after: { readonly mode: string; readonly id: string };
}

/** Lists changed files by their ids alone, renames recognised: `limit` of them, and how many there are. */
export async function rawChanges(
  { gitDir, base, head }: Range,
  limit: number,
): Promise<Result<{ readonly files: readonly RawChange[]; readonly total: number }, Fault>> {
  const args = ['diff-tree', '-r', '-M', '--raw', '--no-abbrev', ...PLAIN, '--end-of-options', base, head, '--'];
  const listed = await gitBytes(args, { gitDir });
  if (!listed.ok) return listed;
  const records = splitNul(listed.value);
  const files: RawChange[] = [];
  let total = 0;
  for (let at = 0; at + 1 < records.length; total += 1) {
    const [from = '', to = '', before = '', after = '', status = ''] = (records[at]?.toString() ?? '').split(' ');
    const letter = status.charAt(0);
    const moved = letter === 'R' || letter === 'C';
    if (files.length < limit) {
      const first = records[at + 1]?.toString('utf8') ?? '';
      const path = moved ? (records[at + 2]?.toString('utf8') ?? '') : first;
      files.push({
        path,
        from: moved ? first : null,
        letter,
        before: { mode: from.slice(1), id: before },
        after: { mode: to, id: after },
      });
    }
    at += moved ? 3 : 2;
  }
  return ok({ files, total });
}

type Counts = ReadonlyMap<string, readonly [number | null, number | null]>;

function parseCounts(bytes: Buffer): Counts {
  const counts = new Map<string, readonly [number | null, number | null]>();
  const number = (text: string) => (text === '-' ? null : Number(text));
  const texts = splitNul(bytes).map((record) => record.toString('utf8'));
  for (let at = 0; at < texts.length; ) {
    const [added = '-', removed = '-', path = ''] = (texts[at] ?? '').split('\t');
    // Renames have an empty path here and both paths as records of their own.
    counts.set(path === '' ? (texts[at + 2] ?? '') : path, [number(added), number(removed)]);
    at += path === '' ? 3 : 1;
  }
  return counts;
}

/** A tree that holds only these entries: counting some files of very many is then a small job. */
async function treeWith(
  gitDir: string,
  entries: ReadonlyArray<{ mode: string; id: string; path: string }>,
): Promise<Result<string, Fault>> {
  const kept = entries.filter(({ mode }) => mode !== '000000');
  const input = kept.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join('');
  return withScratchIndex(gitDir, async (indexFile) => {
    const call: GitCall = { gitDir, indexFile };
    const filled = await gitBytes(['update-index', '--replace', '-z', '--index-info'], { ...call, input });
    return filled.ok ? gitText(['write-tree', '--missing-ok'], call) : filled;
  });
}

async function countsOf(range: Range, files: readonly RawChange[], all: boolean): Promise<Counts> {
  const before = await treeWithSide(range.gitDir, files, 'before', all);
  const after = await treeWithSide(range.gitDir, files, 'after', all);
  const [base, head] = all ? [ok(range.base), ok(range.head)] : [before, after];
  if (!base.ok || !head.ok) return new Map();
  const renames = all ? '-M' : '--no-renames';
  const args = ['diff-tree', '-r', renames, '--numstat', ...PLAIN, '--end-of-options', base.value, head.value, '--'];
  const listed = await gitBytes(args, {
    gitDir: range.gitDir,
    timeoutMs: COUNT_WITHIN_MS,
    config: [['core.bigFileThreshold', LARGEST_TEXT]],
  });
  // Without counts the list is still the list.
  return listed.ok ? parseCounts(listed.value) : new Map();
}

function treeWithSide(
  gitDir: string,
  files: readonly RawChange[],
  side: 'before' | 'after',
  skip: boolean,
): Promise<Result<string, Fault>> {
  // A moved file is compared with what it was, at its new place.
  const entries = files.map((file) => ({ ...file[side], path: file.path }));
  return skip ? Promise.resolve(ok('')) : treeWith(gitDir, entries);
}

/**
 * What differs between two commits or trees of the hub: at most `limit` files with their line counts, and how many there
 * are. A hundred thousand files are listed by their ids; only those shown are compared. Fails with `git-failed`.
 */
export async function changesBetween(
  range: Range,
  limit: number,
): Promise<Result<{ readonly files: readonly FileChange[]; readonly total: number }, Fault>> {
  const listed = await rawChanges(range, limit);
  if (!listed.ok) return listed;
  const { files, total } = listed.value;
  const counts = await countsOf(range, files, total <= limit);
  return ok({
    total,
    files: files.map(({ path, from, letter }) => {
      const [additions, deletions] = counts.get(path) ?? [null, null];
      return { path, from, status: STATUS[letter] ?? 'modified', additions, deletions };
    }),
  });
}

/** Commits reachable from `head` and not from `base`, newest last, at most 1,000. `line`: only the branch's own line. */
export async function commitsBetween(range: Range, line: boolean): Promise<Result<CommitInfo[], Fault>> {
  const format = '--format=%H%x00%an%x00%at%x00%s';
  const flags = [format, '-z', '--topo-order', `--max-count=${MOST_COMMITS}`, ...(line ? ['--first-parent'] : [])];
  const args = ['log', ...flags, '--end-of-options', `${range.base}..${range.head}`, '--'];
  const listed = await gitBytes(args, { gitDir: range.gitDir });
  if (!listed.ok) return listed;
  const fields = splitNul(listed.value).map((record) => record.toString('utf8'));
  const commits: CommitInfo[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4)
    commits.push({
      id: fields[at] ?? '',
      author: fields[at + 1] ?? '',
      at: Number(fields[at + 2]) * 1000,
      subject: (fields[at + 3] ?? '').slice(0, 500),
    });
  return ok(commits.reverse());
}

/** The first parent of a commit, or the empty tree for one without. Fails with `git-failed`. */
export async function parentOf(gitDir: string, commit: string): Promise<Result<string, Fault>> {
  const parent = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^1`], { gitDir });
  return parent.ok ? parent : gitText(['hash-object', '-t', 'tree', '--stdin'], { gitDir, input: '' });
}

/** The newest commit that both have, or `fallback` when they have none. */
export async function forkPoint(gitDir: string, pair: readonly [string, string], fallback: string): Promise<string> {
  const found = await gitText(['merge-base', ...pair], { gitDir });
  return found.ok && found.value !== '' ? (found.value.split('\n')[0] ?? fallback) : fallback;
}

/** What one commit of a range changes against its first parent. Fails with `no-such-commit` for any other commit. */
export async function commitRange({ gitDir, base, head }: Range, commit: string): Promise<Result<Range, Fault>> {
  const within = checkObjectId(commit).ok && (await isAncestor(gitDir, commit, head));
  const before = within && (await isAncestor(gitDir, commit, base));
  if (within === false || !within.ok || !within.value || !before || (before.ok && before.value))
    return err(
      faultOf(
        'no-such-commit',
        'This commit is not part of the work.',
        'It may have been replaced.',
        'Load the changes again.',
      ),
    );
  const parent = await parentOf(gitDir, commit);
  return parent.ok ? ok({ gitDir, base: parent.value, head: commit }) : parent;
}

/** A path inside a repository as git names it. Fails with `bad-path` for anything that could lead out of it. */
export function checkPath(path: string): Result<string, Fault> {
  const parts = path.split('/');
  const good = !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (good && parts[0]?.toLowerCase() !== '.git') return ok(path);
  return err(
    faultOf(
      'bad-path',
      'This is not a path of the repository.',
      'Paths are relative to its top folder and stay inside it.',
      'Choose a file from the list of changes.',
    ),
  );
}
