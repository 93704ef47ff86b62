import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inspectRepository, type RepositoryFacts } from './inspect.ts';

vi.setConfig({ testTimeout: 60_000 });

let root: string;
let repo: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'aios-inspect-')));
  repo = join(root, 'repo');
  mkdirSync(repo);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
}

function init(files: Record<string, string> = { 'a.txt': '1\n' }): void {
  git(repo, 'init', '-q', '-b', 'main');
  git(repo, 'config', 'user.name', 'Ursula');
  git(repo, 'config', 'user.email', 'u@example.org');
  for (const [path, text] of Object.entries(files)) put(path, text);
  git(repo, 'add', '-A');
  git(repo, 'commit', '-q', '--allow-empty', '-m', 'first');
}

async function facts(path = repo, base?: string): Promise<RepositoryFacts> {
  const result = await inspectRepository(path, base === undefined ? {} : { base });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function refusal(path = repo, base?: string): Promise<string> {
  const result = await inspectRepository(path, base === undefined ? {} : { base });
  return result.ok ? 'none' : result.error.tag;
}

test('says what it finds; a folder inside resolves to the top', async () => {
  init({ 'dir/a.txt': '1\n', gone: 'x\n', same: 's\n' });
  git(repo, 'remote', 'add', 'origin', 'https://me:token@example.org/x.git');
  put('new file', 'n\n');
  put('staged', 's\n');
  git(repo, 'add', 'staged');
  put('dir/a.txt', '2\n');
  rmSync(join(repo, 'gone'));
  const found = await facts(join(repo, 'dir'));
  expect(found).toMatchObject({
    topLevel: repo,
    gitDir: join(repo, '.git'),
    commonDir: join(repo, '.git'),
    branch: 'main',
  });
  expect(found.head).toBe(git(repo, 'rev-parse', 'HEAD'));
  expect(found.dirtyPaths).toEqual(['dir/a.txt', 'gone', 'new file', 'staged']);
  expect(found.identity).toEqual({ name: 'Ursula', email: 'u@example.org' });
  expect(found.remotes).toEqual([{ name: 'origin', url: 'https://example.org/x.git' }]);
  expect(found).toMatchObject({ linkedWorktree: false, submodules: false, lfs: false, shallow: false });
  expect(found.warnings).toHaveLength(1);
});

test('refuses what it cannot work on, each for its own reason', async () => {
  expect(await refusal(join(root, 'nowhere'))).toBe('path-missing');
  expect(await refusal()).toBe('not-a-repository');
  writeFileSync(join(root, 'file'), '');
  expect(await refusal(join(root, 'file'))).toBe('path-not-a-folder');
  git(root, 'init', '-q', '--bare', 'bare.git');
  expect(await refusal(join(root, 'bare.git'))).toBe('repository-bare');
  git(repo, 'init', '-q', '-b', 'main');
  expect(await refusal()).toBe('no-commits');
  init();
  expect(await refusal(join(repo, '.git'))).toBe('inside-git-folder');
  expect(await refusal(repo, 'nope')).toBe('unknown-branch');
  expect(await refusal(repo, '--upload-pack=x')).toBe('unknown-branch');
  git(repo, 'checkout', '-q', '--detach');
  expect(await refusal()).toBe('head-detached');
  expect((await facts(repo, 'main')).branch).toBe('main');
  git(repo, 'config', 'remote.origin.promisor', 'true');
  expect(await refusal(repo, 'main')).toBe('partial-clone');
  git(repo, 'config', 'core.worktree', root);
  mkdirSync(join(root, 'other'));
  git(repo, 'config', 'core.worktree', join(root, 'other'));
  expect(await refusal(repo, 'main')).toBe('worktree-redirected');
});

test('recognises linked worktrees, shallow clones, submodules and large files', async () => {
  init({ 'a.txt': '1\n', 'deep/.gitattributes': '*.bin filter=lfs diff=lfs\n' });
  git(repo, 'commit', '-q', '--allow-empty', '-m', 'second');
  const linked = join(root, 'li\nnked');
  git(repo, 'worktree', 'add', '-q', linked, '-b', 'side');
  const side = await facts(linked);
  expect(side).toMatchObject({
    topLevel: linked,
    linkedWorktree: true,
    branch: 'side',
    commonDir: join(repo, '.git'),
    lfs: true,
  });
  git(root, 'clone', '-q', '--depth=1', `file://${repo}`, 'shallow');
  expect((await facts(join(root, 'shallow'))).shallow).toBe(true);
  git(repo, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', join(root, 'shallow'), 'sub');
  git(repo, 'commit', '-q', '-m', 'sub');
  const found = await facts();
  expect(found.submodules).toBe(true);
  expect(found.dirtyPaths).toEqual([]);
});

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries
    .filter((each) => each.isFile())
    .sort((a, b) => (a.parentPath + a.name < b.parentPath + b.name ? -1 : 1)))
    hash.update(entry.name).update(await readFile(join(entry.parentPath, entry.name)));
  return hash.digest('hex');
}

test('looking executes nothing and changes nothing', async () => {
  init({ 'a.txt': '1\n', '.gitattributes': '* filter=evil diff=evil\n', '.gitignore': 'x\n' });
  const evil = join(root, 'evil');
  writeFileSync(evil, `#!/bin/sh\ntouch '${join(root, 'ran')}'\ncat\n`);
  chmodSync(evil, 0o755);
  for (const key of [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'filter.evil.clean',
    'filter.evil.process',
    'diff.evil.textconv',
    'diff.external',
    'alias.rev-parse',
    'pager.config',
  ])
    git(repo, 'config', key, evil);
  git(repo, 'config', 'core.hooksPath', root);
  symlinkSync(evil, join(root, 'post-index-change'));
  put('a.txt', '2\n');
  const before = await hashOf(repo);
  expect((await facts()).dirtyPaths).toEqual(['a.txt']);
  expect(await hashOf(repo)).toBe(before);
  expect(existsSync(join(root, 'ran'))).toBe(false);
});

test('a split index and a SHA-256 repository are understood', async () => {
  init();
  git(repo, 'update-index', '--split-index');
  put('a.txt', '2\n');
  expect((await facts()).dirtyPaths).toEqual(['a.txt']);
  rmSync(repo, { recursive: true });
  mkdirSync(repo);
  git(repo, 'init', '-q', '--object-format=sha256');
  init();
  put('b.txt', 'b\n');
  expect(await facts()).toMatchObject({ objectFormat: 'sha256', dirtyPaths: ['b.txt'] });
});
