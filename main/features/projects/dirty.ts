import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  conversionOf,
  copyIndex,
  excludesOf,
  type GitCall,
  git,
  gitBytes,
  gitText,
  splitNul,
  type UserConfig,
  type UserRepository,
} from '#main/features/workspaces/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';

const MOST_PATHS = 500;

/** An empty repository to look through: the user's files and a copy of their index, without their configuration. */
async function makeLens(folder: string, repository: UserRepository, config: UserConfig): Promise<GitCall> {
  const gitDir = join(folder, 'lens');
  const excludes = join(folder, 'exclude');
  await mkdir(join(gitDir, 'refs'), { recursive: true });
  await mkdir(join(gitDir, 'objects'));
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
  const sha256 = '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n';
  await writeFile(join(gitDir, 'config'), repository.objectFormat === 'sha256' ? sha256 : '');
  await writeFile(excludes, await excludesOf(config, repository.commonDir));
  await copyIndex(join(repository.gitDir, 'index'), join(folder, 'index'));
  return {
    gitDir,
    workTree: repository.topLevel,
    indexFile: join(folder, 'index'),
    borrow: [join(repository.commonDir, 'objects')],
    config: [['core.excludesFile', excludes], ...conversionOf(config)],
  };
}

const LIST = ['ls-files', '-z', '-m', '-d', '-o', '--directory', '--no-empty-directory', '--exclude-standard'];

async function look(call: GitCall, head: string): Promise<Result<string[], Fault>> {
  const refreshed = await git(['update-index', '-q', '--refresh'], call);
  if (!refreshed.ok) return refreshed;
  // An index in two parts cannot be read away from its place; then the last commit stands for it.
  const readable = await git(['ls-files', '--error-unmatch', '-z', '--', '.'], call);
  if (readable.ok && readable.value.code > 1 && call.indexFile) {
    await rm(call.indexFile, { force: true });
    await git(['read-tree', head], call);
  }
  const listed = await gitBytes(LIST, call);
  return listed.ok ? ok(splitNul(listed.value).map((path) => path.toString('utf8'))) : listed;
}

async function staged(call: GitCall, head: string): Promise<Result<string[], Fault>> {
  const flags = ['--cached', '--name-only', '--no-ext-diff', '--ignore-submodules=all', '--no-renames', '-z'];
  const listed = await gitBytes(['diff-index', ...flags, head], call);
  return listed.ok ? ok(splitNul(listed.value).map((path) => path.toString('utf8'))) : listed;
}

/**
 * Lists at most 500 paths of a checkout that differ from its last commit: staged, edited, deleted and untracked ones.
 * Neither the repository's configuration nor its index is used in place, so nothing can run and nothing is written.
 */
export async function dirtyPaths(repository: UserRepository, config: UserConfig): Promise<Result<string[], Fault>> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-look-'));
  try {
    const call = await makeLens(folder, repository, config);
    const head = await gitText(['rev-parse', 'HEAD^{commit}'], { gitDir: repository.gitDir });
    if (!head.ok) return ok([]);
    const seen = await look(call, head.value);
    if (!seen.ok) return seen;
    const inIndex = await staged(call, head.value);
    if (!inIndex.ok) return inIndex;
    return ok([...new Set([...inIndex.value, ...seen.value])].sort().slice(0, MOST_PATHS));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
