import { dirname } from 'node:path';
import {
  git,
  gitBytes,
  gitText,
  identityOf,
  type Person,
  readUserConfig,
  splitNul,
  type UserConfig,
  type UserRepository,
} from '#main/features/workspaces/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { dirtyPaths } from './dirty.ts';
import { type Located, locateRepository, refusal } from './locate.ts';

/** What AIOS knows of a user's repository after looking at it. Nothing in it was executed or changed. */
export interface RepositoryFacts extends UserRepository {
  /** Short name of the branch work starts from. */
  readonly branch: string;
  /** The commit work starts from. */
  readonly head: string;
  /** Paths with uncommitted changes, untracked ones included; at most 500. Agents work from `head`, without them. */
  readonly dirtyPaths: readonly string[];
  readonly linkedWorktree: boolean;
  /** The repository has submodules; they are not populated in workspaces. */
  readonly submodules: boolean;
  /** Some files are kept by Git LFS; workspaces see their pointers. */
  readonly lfs: boolean;
  readonly shallow: boolean;
  /** The user's own name and e-mail address, if git knows them. */
  readonly identity: Person | null;
  /** Remotes without passwords in their addresses. */
  readonly remotes: ReadonlyArray<{ readonly name: string; readonly url: string }>;
  /** Sentences for the user about what works differently here. */
  readonly warnings: readonly string[];
}

/** The branch and commit work starts from: the given base, or what is checked out. */
async function startingPoint(
  located: Located,
  base: string | undefined,
): Promise<Result<{ branch: string; head: string }, Fault>> {
  const { gitDir } = located;
  const current = await git(['symbolic-ref', '--quiet', 'HEAD'], { gitDir });
  if (!current.ok) return current;
  const checkedOut = current.value.stdout.toString('utf8').trim();
  if (base === undefined && !checkedOut.startsWith('refs/heads/'))
    return refusal(
      'head-detached',
      'No branch is checked out.',
      'HEAD is detached, so there is no branch to bring finished work to.',
      'Check a branch out (`git switch main`), or name the branch to start from.',
    );
  const ref = base === undefined ? checkedOut : `refs/heads/${base}`;
  const head = await gitText(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    gitDir,
  });
  if (head.ok) return ok({ branch: ref.slice('refs/heads/'.length), head: head.value });
  if (base === undefined)
    return refusal(
      'no-commits',
      'The repository has no commit yet.',
      'Agents start from a commit.',
      'Make a first commit, for example `git commit --allow-empty -m "Start"`.',
    );
  return refusal(
    'unknown-branch',
    `There is no branch ${base}.`,
    'It was never made, or it was deleted.',
    'Choose another branch.',
  );
}

/** What the tree of a commit says about submodules and large files. */
async function treeFacts(gitDir: string, head: string): Promise<Result<{ submodules: boolean; lfs: boolean }, Fault>> {
  const listed = await gitBytes(['ls-tree', '-r', '-z', '--full-tree', head], { gitDir });
  if (!listed.ok) return listed;
  const entries = splitNul(listed.value).map((record) => record.toString('utf8'));
  const attributes = entries
    .filter((entry) => /[\t/]\.gitattributes$/.test(entry))
    .map((entry) => entry.split(/[ \t]/)[2] ?? '');
  const texts = await gitBytes(['cat-file', '--batch'], {
    gitDir,
    input: attributes.map((id) => `${id}\n`).join(''),
  });
  if (!texts.ok) return texts;
  const submodules = entries.some((entry) => entry.startsWith('160000 '));
  return ok({ submodules, lfs: /\bfilter=lfs\b/.test(texts.value.toString('utf8')) });
}

function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

function remotesOf(config: UserConfig): RepositoryFacts['remotes'] {
  return [...config].flatMap(([key, value]) => {
    const name = /^remote\.(.+)\.url$/s.exec(key)?.[1];
    return name === undefined ? [] : [{ name, url: withoutPassword(value) }];
  });
}

function warningsOf(facts: Omit<RepositoryFacts, 'warnings'>): string[] {
  const warnings: string[] = [];
  const dirty = facts.dirtyPaths.length;
  if (dirty > 0)
    warnings.push(
      `${dirty} uncommitted ${dirty === 1 ? 'path' : 'paths'}: agents work from the last commit and do not see them.`,
    );
  if (facts.submodules) warnings.push('Submodules are not populated in workspaces.');
  if (facts.lfs) warnings.push('Files kept by Git LFS appear as pointers in workspaces.');
  if (facts.shallow) warnings.push('The clone is shallow: history before its edge is not available.');
  if (!facts.identity) warnings.push('git does not know your name and e-mail address; merges will be signed by AIOS.');
  return warnings;
}

/** What may be asked of an inspection. */
export interface InspectOptions {
  /** Short name of the branch to start from instead of the one that is checked out. */
  readonly base?: string;
}

/**
 * Looks at a folder and says whether AIOS can work on it. Executes nothing of the repository (no hooks, filters or
 * configured programs) and changes nothing. Fails with `path-missing`, `path-not-a-folder`, `not-a-repository`,
 * `repository-bare`, `inside-git-folder`, `worktree-redirected`, `no-commits`, `head-detached`, `unknown-branch` or
 * `partial-clone`.
 */
export async function inspectRepository(
  path: string,
  options: InspectOptions = {},
): Promise<Result<RepositoryFacts, Fault>> {
  const located = await locateRepository(path);
  if (!located.ok) return located;
  const start = await startingPoint(located.value, options.base);
  if (!start.ok) return start;
  const { gitDir, commonDir } = located.value;
  const config = await readUserConfig(gitDir);
  if (!config.ok) return config;
  if ([...config.value.keys()].some((key) => key === 'extensions.partialclone' || /^remote\..+\.promisor$/s.test(key)))
    return refusal(
      'partial-clone',
      'The repository is a partial clone.',
      'Some of its objects are only on the server.',
      'Make a full clone and choose that.',
    );
  const tree = await treeFacts(gitDir, start.value.head);
  if (!tree.ok) return tree;
  const dirty = await dirtyPaths(located.value, config.value);
  if (!dirty.ok) return dirty;
  const facts = {
    ...located.value,
    ...start.value,
    ...tree.value,
    dirtyPaths: dirty.value,
    linkedWorktree: gitDir !== commonDir && dirname(dirname(gitDir)) === commonDir,
    identity: identityOf(config.value),
    remotes: remotesOf(config.value),
  };
  return ok({ ...facts, warnings: warningsOf(facts) });
}
