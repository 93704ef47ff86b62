import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { git, gitText, type UserRepository } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Where a repository's files and git folders are. */
export interface Located extends UserRepository {
  readonly shallow: boolean;
}

/** The fault for a folder AIOS cannot work on. */
export function refusal(tag: string, what: string, why: string, next: string): Result<never, Fault> {
  return err(faultOf(tag, what, why, next));
}

async function checkFolder(path: string): Promise<Result<string, Fault>> {
  const found = await stat(path).catch(() => null);
  if (!found) return refusal('path-missing', `${path} does not exist.`, 'Nothing is there.', 'Check the path.');
  if (!found.isDirectory())
    return refusal(
      'path-not-a-folder',
      `${path} is a file.`,
      'A project is a folder.',
      'Choose the folder it lies in.',
    );
  return ok(await realpath(path));
}

const QUESTIONS = ['--is-bare-repository', '--is-inside-git-dir', '--is-shallow-repository', '--show-object-format'];

function insideGitFolder(path: string): Result<never, Fault> {
  return refusal(
    'inside-git-folder',
    `${path} is inside a .git folder.`,
    'That is git’s own.',
    'Choose the folder above it.',
  );
}

function notARepository(path: string, stderr: string): Result<never, Fault> {
  if (path.split(sep).includes('.git')) return insideGitFolder(path);
  if (stderr.includes('safe.bareRepository') || stderr.includes('bare repository'))
    return refusal(
      'repository-bare',
      `${path} is a bare repository.`,
      'It has no files to work on.',
      'Clone it and choose the clone.',
    );
  return refusal(
    'not-a-repository',
    `${path} is not a git repository.`,
    stderr.trim().slice(0, 500) || 'git does not know it.',
    'Run `git init` there and make a first commit, or choose another folder.',
  );
}

const FOLDERS = ['--show-toplevel', '--git-dir', '--git-common-dir'] as const;

/** The folders, one question a call: for paths that contain a line break. */
async function foldersOf(path: string): Promise<Result<string[], Fault>> {
  const found: string[] = [];
  for (const question of FOLDERS) {
    const asked = await gitText(['rev-parse', '--path-format=absolute', question], { cwd: path });
    if (!asked.ok) return asked;
    found.push(asked.value);
  }
  return ok(found);
}

/** Finds the repository a folder belongs to. */
async function locate(path: string): Promise<Result<Located, Fault>> {
  const asked = await git(['rev-parse', ...QUESTIONS, '--path-format=absolute', ...FOLDERS], { cwd: path });
  if (!asked.ok) return asked;
  const [bare, inside, shallow, format, ...named] = asked.value.stdout.toString('utf8').split('\n');
  if (bare === 'true') return notARepository(path, 'bare repository');
  if (inside === 'true') return insideGitFolder(path);
  if (asked.value.code !== 0) return notARepository(path, asked.value.stderr);
  // Each line ends with a line break, so there is one part more.
  const folders = named.length === FOLDERS.length + 1 ? ok(named) : await foldersOf(path);
  if (!folders.ok) return folders;
  const [topLevel = '', gitDir = '', commonDir = ''] = folders.value;
  if (path !== topLevel && !path.startsWith(`${topLevel}${topLevel.endsWith(sep) ? '' : sep}`))
    return refusal(
      'worktree-redirected',
      'The repository says its files are somewhere else.',
      `Its core.worktree points to ${topLevel}.`,
      'Remove that setting if you did not make it, or choose that folder.',
    );
  const objectFormat = format === 'sha256' ? 'sha256' : 'sha1';
  return ok({ topLevel, gitDir, commonDir, shallow: shallow === 'true', objectFormat });
}

/**
 * Finds the repository of a folder, without a look at what is in it. Fails with `path-missing`, `path-not-a-folder`,
 * `not-a-repository`, `repository-bare`, `inside-git-folder` or `worktree-redirected`.
 */
export async function locateRepository(path: string): Promise<Result<Located, Fault>> {
  const folder = await checkFolder(path);
  return folder.ok ? locate(folder.value) : folder;
}
