import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Workspace } from './content.ts';
import { ensureHub, type UserRepository } from './hub.ts';
import { createWorkspace } from './workspace.ts';

/** For tests: the author of what AIOS commits. */
export const AUTHOR = { name: 'Ada', email: 'ada@example.org' };

/** For tests: the value of a result; a fault fails the test with its words. */
export function must<T>(result: Result<T, Fault>): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
}

/** For tests: the tag of the fault a result must be. */
export function tagOf(result: Result<unknown, Fault>): string {
  return result.ok ? 'no fault' : result.error.tag;
}

/** For tests: git as the user (or an agent) would run it, with nothing neutralised. */
export function rawGit(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', LANG: 'C' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** For tests: writes files below a folder. */
export function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** For tests: a file's text. */
export function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** For tests: a temporary folder with a user's repository in `user`, and room for a hub and workspaces. */
export interface Playground {
  readonly root: string;
  readonly user: string;
  readonly hub: string;
  readonly repository: UserRepository;
  /** Commits everything in the user's checkout; gives the commit. */
  commit(message: string): string;
  /** Makes the hub and a workspace at the user's head. */
  workspace(id: string, base?: string): Promise<Workspace>;
  remove(): void;
}

/** For tests: makes a {@link Playground} whose repository has these files in its first commit on `main`. */
export function playground(files: Readonly<Record<string, string>>): Playground {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'aios-test-')));
  const user = join(root, 'user');
  const hub = join(root, 'data', 'hub.git');
  mkdirSync(user);
  rawGit(user, 'init', '-q', '-b', 'main');
  rawGit(user, 'config', 'user.name', 'Ursula');
  rawGit(user, 'config', 'user.email', 'ursula@example.org');
  const gitDir = join(user, '.git');
  const repository: UserRepository = { topLevel: user, gitDir, commonDir: gitDir, objectFormat: 'sha1' };
  const commit = (message: string) => {
    rawGit(user, 'add', '-A');
    rawGit(user, 'commit', '-q', '--allow-empty', '-m', message);
    return rawGit(user, 'rev-parse', 'HEAD');
  };
  put(user, files);
  commit('first');
  return {
    root,
    user,
    hub,
    repository,
    commit,
    async workspace(id, base) {
      const state = must(await ensureHub(hub, repository));
      const start = base ?? state.heads.get('main') ?? '';
      const path = join(root, 'work', id);
      return must(await createWorkspace({ hub, path, id, branch: `aios/${id}`, base: start, author: AUTHOR }))
        .workspace;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** For tests: a hash over every name, mode and content below a folder, `.git` included. */
export async function hashOfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  for (const path of paths) {
    const found = await lstat(path);
    hash.update(`${path.slice(folder.length)}\0${found.mode}\0`);
    if (found.isFile()) hash.update(await readFile(path));
    if (found.isSymbolicLink()) hash.update(await readlink(path));
  }
  return hash.digest('hex');
}
