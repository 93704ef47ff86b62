import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { commitWorkspace } from './commit.ts';
import { prepareConflict } from './conflict.ts';
import { changedPaths, diffText } from './diff.ts';
import { ensureHub } from './hub.ts';
import { collect, snapshotWorkspace } from './snapshot.ts';
import { AUTHOR, hashOfFolder, must, type Playground, playground, put, rawGit, read, tagOf } from './test-kit.ts';
import { createWorkspace, removeWorkspace } from './workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let ground: Playground;
afterEach(() => ground.remove());

test('a workspace is a clone on its own branch without remotes, and making it again returns it', async () => {
  ground = playground({ 'a.txt': 'one\n', 'dir/b.txt': 'two\n' });
  const workspace = await ground.workspace('w1');
  expect(read(workspace.path, 'dir/b.txt')).toBe('two\n');
  expect(rawGit(workspace.path, 'branch', '--show-current')).toBe('aios/w1');
  expect(rawGit(workspace.path, 'remote')).toBe('');
  expect(rawGit(workspace.path, 'status', '--porcelain')).toBe('');
  put(workspace.path, { 'a.txt': 'edited\n' });
  await ground.workspace('w1');
  expect(read(workspace.path, 'a.txt')).toBe('edited\n');
});

test('commits edits, deletions, modes, links, odd names and replaced folders, and shows a clean clone', async () => {
  ground = playground({
    'a.txt': 'one\n',
    'gone.txt': 'x\n',
    'dir/b.txt': 'two\n',
    '.gitignore': 'ignored\n',
    'swap/f': 'f\n',
    run: '#!\n',
  });
  const workspace = await ground.workspace('w1');
  const at = (path: string) => join(workspace.path, path);
  const odd = ['-rf', 'new\nline', `quo"te's`, ' lead', 'ü/ä', '$(touch x)', '*'];
  put(workspace.path, {
    'a.txt': 'changed\n',
    ignored: 'secret\n',
    ...Object.fromEntries(odd.map((name) => [name, 'odd\n'])),
  });
  for (const path of ['gone.txt', 'swap', 'dir']) rmSync(at(path), { recursive: true });
  symlinkSync('/etc', at('swap'));
  writeFileSync(at('dir'), 'now a file\n');
  chmodSync(at('run'), 0o755);
  const request = { workspace, message: 'Work', author: AUTHOR, trailers: { 'AIOS-Run': 'r1' } };
  const done = must(await commitWorkspace(request));
  expect(done.changed).toBe(true);
  expect(rawGit(workspace.path, 'status', '--porcelain')).toBe('');
  expect(rawGit(workspace.path, 'rev-parse', 'HEAD')).toBe(done.commit);
  expect(rawGit(workspace.path, 'log', '-1', '--format=%an|%s|%(trailers:key=AIOS-Run,valueonly)')).toBe('Ada|Work|r1');
  const changes = must(await changedPaths({ gitDir: ground.hub, base: workspace.base, head: done.commit }));
  const paths = changes.map((change) => change.path);
  expect(paths).toEqual(expect.arrayContaining([...odd, 'a.txt', 'run', 'swap', 'dir']));
  expect(paths).not.toContain('ignored');
  expect(must(await commitWorkspace(request))).toMatchObject({ changed: false, commit: done.commit });
  const diff = must(await diffText({ gitDir: ground.hub, base: workspace.base, head: done.commit }, 100));
  expect(diff.truncated).toBe(true);
});

test('a commit the agent made itself is collected complete into the hub', async () => {
  ground = playground({ 'a.txt': 'one\n' });
  const workspace = await ground.workspace('w1');
  rawGit(workspace.path, 'switch', '-q', '-c', 'mine');
  put(workspace.path, { 'b.txt': 'two\n' });
  rawGit(workspace.path, 'add', '-A');
  rawGit(workspace.path, 'commit', '-q', '-m', 'by the agent');
  rawGit(workspace.path, 'gc', '-q');
  const { commit } = must(await collect(workspace));
  expect(rawGit(workspace.path, 'log', '-1', '--format=%an')).toBe('Ada');
  rmSync(workspace.path, { recursive: true });
  expect(rawGit(ground.hub, 'show', `${commit}:b.txt`)).toBe('two');
  expect(rawGit(ground.hub, 'rev-parse', 'refs/aios/attempts/w1')).toBe(commit);
  expect(rawGit(ground.hub, 'fsck', '--strict')).not.toMatch(/error|missing/);
});

test('a snapshot keeps untracked files and embedded repositories and touches neither index nor branch', async () => {
  ground = playground({ 'a.txt': 'one\n' });
  const workspace = await ground.workspace('w1');
  put(workspace.path, { 'a.txt': 'staged\n', 'new/file': 'new\n', 'inner/deep/x': 'x\n' });
  rawGit(workspace.path, 'add', 'a.txt');
  mkdirSync(join(workspace.path, 'inner'), { recursive: true });
  rawGit(join(workspace.path, 'inner'), 'init', '-q');
  const before = await hashOfFolder(workspace.path);
  const snapshot = must(await snapshotWorkspace(workspace, 's1'));
  expect(await hashOfFolder(workspace.path)).toBe(before);
  expect(snapshot.embedded).toEqual(['inner/']);
  expect(rawGit(ground.hub, 'ls-tree', '-r', '--name-only', 'refs/aios/snapshots/s1').split('\n')).toEqual([
    'a.txt',
    'inner/deep/x',
    'new/file',
  ]);
  const committed = must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }));
  expect(rawGit(ground.hub, 'ls-tree', '-r', '--name-only', committed.commit)).not.toContain('inner');
});

test('each snapshot holds what is there then, however the last one was made', async () => {
  ground = playground({ 'a.txt': 'one\n', 'b.txt': 'two\n', '.gitignore': 'out\n' });
  const workspace = await ground.workspace('w1');
  const filesOf = async (id: string) => {
    const { commit, parent } = must(await snapshotWorkspace(workspace, id));
    expect(rawGit(ground.hub, 'rev-parse', `refs/aios/snapshots/${id}`, `${commit}^`).split('\n')).toEqual([
      commit,
      parent,
    ]);
    const names = rawGit(ground.hub, 'ls-tree', '-r', '--name-only', commit).split('\n');
    return Object.fromEntries(names.map((name) => [name, rawGit(ground.hub, 'show', `${commit}:${name}`)]));
  };
  const first = { '.gitignore': 'out', 'a.txt': 'one', 'b.txt': 'two' };
  expect(await filesOf('s1')).toEqual(first);
  expect(await filesOf('s2')).toEqual(first);
  expect(rawGit(ground.hub, 'rev-parse', 'refs/aios/snapshots/s2')).toBe(
    rawGit(ground.hub, 'rev-parse', 'refs/aios/snapshots/s1'),
  );
  put(workspace.path, { 'a.txt': 'two\n', 'new/c.txt': 'three\n', out: 'secret\n' });
  rmSync(join(workspace.path, 'b.txt'));
  const second = { '.gitignore': 'out', 'a.txt': 'two', 'new/c.txt': 'three' };
  expect(await filesOf('s3')).toEqual(second);
  expect(await filesOf('s4')).toEqual(second);
  rmSync(join(workspace.path, 'new'), { recursive: true });
  put(workspace.path, { 'a.txt': 'one\n', 'b.txt': 'two\n' });
  expect(await filesOf('s5')).toEqual(first);
  // What else uses the index, or moves the branch, comes between.
  put(workspace.path, { 'a.txt': 'four\n' });
  must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }));
  expect(await filesOf('s6')).toEqual({ ...first, 'a.txt': 'four' });
  put(ground.user, { 'd.txt': 'theirs\n' });
  const clean = ground.commit('theirs');
  must(await ensureHub(ground.hub, ground.repository));
  expect(must(await prepareConflict(workspace, clean))).toMatchObject({ merging: true, files: [] });
  expect(await filesOf('s7')).toEqual({ ...first, 'a.txt': 'four', 'd.txt': 'theirs' });
  must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }));
  put(ground.user, { 'b.txt': 'theirs\n' });
  const tip = ground.commit('theirs');
  must(await ensureHub(ground.hub, ground.repository));
  put(workspace.path, { 'b.txt': 'mine\n' });
  must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }));
  expect(must(await prepareConflict(workspace, tip)).merging).toBe(true);
  expect((await filesOf('s8'))['b.txt']).toContain('<<<<<<<');
  put(workspace.path, { 'b.txt': 'both\n' });
  expect(await filesOf('s9')).toEqual({ ...first, 'a.txt': 'four', 'b.txt': 'both', 'd.txt': 'theirs' });
});

test('removing keeps files, other branches and every stash first', async () => {
  ground = playground({ 'a.txt': 'one\n' });
  const workspace = await ground.workspace('w1');
  for (const text of ['first stash\n', 'second stash\n']) {
    put(workspace.path, { 'a.txt': text });
    rawGit(workspace.path, 'stash');
  }
  put(workspace.path, { untracked: 'u\n' });
  const removed = must(await removeWorkspace(workspace));
  expect(existsSync(workspace.path)).toBe(false);
  expect(rawGit(ground.hub, 'show', `${removed.snapshot}:untracked`)).toBe('u');
  const kept = rawGit(ground.hub, 'for-each-ref', '--format=%(refname)', 'refs/aios/kept/w1/stashes').split('\n');
  expect(kept.map((ref) => rawGit(ground.hub, 'show', `${ref}:a.txt`)).sort()).toEqual(['first stash', 'second stash']);
  expect(must(await removeWorkspace(workspace)).snapshot).toBeNull();
});

test('a clone without .git can still be snapshotted, and a snapshot that fails keeps the folder', async () => {
  ground = playground({ 'a.txt': 'one\n' });
  const workspace = await ground.workspace('w1');
  put(workspace.path, { 'b.txt': 'precious\n' });
  rmSync(join(workspace.path, '.git'), { recursive: true });
  expect(tagOf(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }))).toBe('workspace-damaged');
  expect(must(await snapshotWorkspace(workspace, 's1')).commit).toMatch(/^[0-9a-f]{40}$/);
  expect(rawGit(ground.hub, 'show', 'refs/aios/snapshots/s1:b.txt')).toBe('precious');
  expect((await removeWorkspace({ ...workspace, base: '0'.repeat(40) })).ok).toBe(false);
  expect(read(workspace.path, 'b.txt')).toBe('precious\n');
});

test('.worktreeinclude of the commit brings plain untracked files, which never reach a commit', async () => {
  ground = playground({
    'a.txt': '1\n',
    '.worktreeinclude': '.env*\nconfig/\nlink\n',
    '.gitignore': 'config/\n',
  });
  put(ground.user, { '.env': 'KEY=1\n', 'config/local.json': '{}\n', 'other.txt': 'no\n' });
  symlinkSync('/etc/passwd', join(ground.user, 'link'));
  const { heads } = must(await ensureHub(ground.hub, ground.repository));
  const path = join(ground.root, 'w1');
  const base = heads.get('main') ?? '';
  const request = {
    hub: ground.hub,
    path,
    id: 'w1',
    branch: 'w1',
    base,
    author: AUTHOR,
    include: { from: ground.user },
  };
  const { workspace, included } = must(await createWorkspace(request));
  expect([...included.copied].sort()).toEqual(['.env', 'config/local.json']);
  expect(included.skipped).toEqual(['link']);
  expect(read(path, '.env')).toBe('KEY=1\n');
  expect(rawGit(path, 'status', '--porcelain')).toBe('');
  expect(must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR })).changed).toBe(false);
});

test.each([
  '-rf',
  '--upload-pack=x',
  'a..b',
  'refs/heads/x',
  'x.lock',
  'x'.repeat(300),
  'a.',
  'a b',
  'a\nb',
  '',
  'a//b',
])('refuses the branch name %j', async (branch) => {
  ground = playground({ 'a.txt': '1\n' });
  const { heads } = must(await ensureHub(ground.hub, ground.repository));
  const request = {
    hub: ground.hub,
    path: join(ground.root, 'w'),
    id: 'w',
    branch,
    base: heads.get('main') ?? '',
    author: AUTHOR,
  };
  expect(tagOf(await createWorkspace(request))).toBe('bad-branch-name');
});

test('odd but legal branches of the user reach the hub, deleted ones leave it, shallow clones work', async () => {
  ground = playground({ 'a.txt': '1\n' });
  ground.commit('second');
  for (const name of [`we'ird"name`, 'ü', 'x/y']) rawGit(ground.user, 'branch', name);
  const state = must(await ensureHub(ground.hub, ground.repository));
  expect([...state.heads.keys()].sort()).toEqual(['main', `we'ird"name`, 'x/y', 'ü']);
  expect(state.identity?.name).toBe('Ursula');
  rawGit(ground.user, 'branch', '-D', 'x/y');
  rawGit(ground.user, 'branch', 'x');
  must(await ensureHub(ground.hub, ground.repository));
  expect(rawGit(ground.hub, 'for-each-ref', '--format=%(refname)', 'refs/user/heads/x')).toBe('refs/user/heads/x');
  const shallow = join(ground.root, 'shallow');
  rawGit(ground.root, 'clone', '-q', '--depth=1', `file://${ground.user}`, shallow);
  const gitDir = join(shallow, '.git');
  const hub = join(ground.root, 'hub2');
  const second = must(await ensureHub(hub, { topLevel: shallow, gitDir, commonDir: gitDir, objectFormat: 'sha1' }));
  const base = second.heads.get('main') ?? '';
  const { workspace } = must(
    await createWorkspace({ hub, path: join(ground.root, 's'), id: 's', branch: 's', base, author: AUTHOR }),
  );
  put(workspace.path, { 'b.txt': 'b\n' });
  expect(must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR })).changed).toBe(true);
});
