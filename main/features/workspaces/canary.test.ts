import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { acceptGoal } from './accept.ts';
import { commitWorkspace } from './commit.ts';
import { conflictMarkersLeft, prepareConflict } from './conflict.ts';
import type { Workspace } from './content.ts';
import { changedPaths, diffText } from './diff.ts';
import { ensureHub, syncHub } from './hub.ts';
import { mergeIntoGoal, openGoalBranch } from './merge.ts';
import { collect, keepWorkspace, snapshotWorkspace } from './snapshot.ts';
import { AUTHOR, hashOfFolder, must, type Playground, playground, put, rawGit, tagOf } from './test-kit.ts';
import { removeWorkspace } from './workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

const GOAL = 'refs/heads/aios/goal';
const ATTRIBUTES = '* filter=evil diff=evil merge=evil\n';
const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-receive',
  'pre-rebase',
  'prepare-commit-msg',
  'proc-receive',
  'push-to-checkout',
  'reference-transaction',
  'sendemail-validate',
  'update',
];
const COMMANDS = [
  'core.sshCommand',
  'core.pager',
  'core.editor',
  'sequence.editor',
  'core.askPass',
  'core.gitProxy',
  'core.alternateRefsCommand',
  'diff.external',
  'diff.evil.command',
  'diff.evil.textconv',
  'merge.evil.driver',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.evil.process',
  'gpg.program',
  'gpg.ssh.program',
  'gpg.x509.program',
  'credential.helper',
  'uploadpack.packObjectsHook',
  'remote.origin.uploadpack',
  'remote.origin.receivepack',
  'interactive.diffFilter',
  'trailer.AIOS-Merge.command',
  'trailer.AIOS-Merge.cmd',
  'receive.procReceiveRefs',
  'pager.log',
  'pager.config',
  'pager.diff',
  'gc.recentObjectsHook',
  'submodule.inner.update',
  'browser.evil.cmd',
  'man.evil.cmd',
  'init.templateDir',
  'mergetool.evil.cmd',
  'difftool.evil.cmd',
];
const ALIASES = ['status', 'config', 'ls-files', 'merge-tree', 'update-ref', 'pack-objects', 'index-pack', 'read-tree'];

let ground: Playground;
afterEach(() => ground.remove());

const log = () => join(ground.root, 'canary.log');

function canary(slot: string): string {
  const folder = join(ground.root, 'canaries');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, slot.replaceAll('/', '-'));
  writeFileSync(path, `#!/bin/sh\necho "${slot} $*" >> '${log()}'\ncat\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Puts a canary into every place of a git folder that can name or hold a program. */
function infest(gitDir: string, who: string, more: Readonly<Record<string, string>> = {}): void {
  const set = (key: string, value: string) =>
    rawGit(ground.root, 'config', '--file', join(gitDir, 'config'), '--add', key, value);
  const hooks = join(gitDir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of HOOKS) symlinkSync(canary(`${who}-hook-${hook}`), join(hooks, hook));
  for (const key of COMMANDS) set(key, canary(`${who}-${key}`));
  for (const name of ALIASES) set(`alias.${name}`, `!${canary(`${who}-alias-${name}`)}`);
  set('core.fsmonitor', canary(`${who}-fsmonitor`));
  set('core.hooksPath', hooks);
  set('filter.evil.required', 'true');
  set('filter.a=b.clean', canary(`${who}-filter-equals`));
  set('commit.gpgSign', 'true');
  set('gc.auto', '1');
  set('protocol.ext.allow', 'always');
  set(`url.ext::${canary(`${who}-url`)} .insteadOf`, '/');
  const included = join(ground.root, `${who}.inc`);
  writeFileSync(included, `[core]\n\tfsmonitor = ${canary(`${who}-included`)}\n`);
  set('include.path', included);
  for (const [key, value] of Object.entries(more)) set(key, value);
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'info', 'attributes'), ATTRIBUTES);
}

const executions = () => (existsSync(log()) ? readFileSync(log(), 'utf8') : '');

/** Everything AIOS does with a workspace, short of merging. Faults are fine; executions are not. */
async function workWith(workspace: Workspace, round: string): Promise<void> {
  await snapshotWorkspace(workspace, `snap-${round}`);
  await commitWorkspace({ workspace, message: 'work', author: AUTHOR });
  await collect(workspace);
  await keepWorkspace(workspace, `keep-${round}`);
  await conflictMarkersLeft(workspace);
}

async function goalFrom(workspace: Workspace, key: string): Promise<void> {
  const { commit } = must(await collect(workspace));
  must(await openGoalBranch(ground.hub, GOAL, workspace.base));
  const request = { hub: ground.hub, goalBranch: GOAL, commit, key, message: 'm', author: AUTHOR };
  must(await mergeIntoGoal({ ...request, verify: async () => ({ passed: true }) }));
}

test('the canaries do sing when git is run the ordinary way', () => {
  ground = playground({ 'a.txt': '1\n' });
  infest(join(ground.user, '.git'), 'user');
  put(ground.user, { 'a.txt': '2\n' });
  // It may fail too, over the answers the canaries give.
  expect(() => rawGit(ground.user, 'status')).toThrow();
  expect(executions()).toContain('user-filter.evil.process');
  expect(executions()).toMatch(/fsmonitor|included/);
});

test('nothing in the user’s repository is ever executed or changed before acceptance', async () => {
  ground = playground({
    'a.txt': '1\n',
    '.gitattributes': ATTRIBUTES,
    'dir/b.txt': '1\n',
    '.worktreeinclude': '.env\n',
  });
  rawGit(ground.user, 'branch', 'release');
  rawGit(ground.user, 'tag', 'v1');
  put(ground.user, { 'a.txt': 'stash me\n' });
  rawGit(ground.user, 'stash');
  put(ground.user, { 'dir/b.txt': 'dirty\n', '.env': 'x\n', staged: 's\n' });
  rawGit(ground.user, 'add', 'staged');
  infest(join(ground.user, '.git'), 'user');
  const before = await hashOfFolder(ground.user);
  must(await ensureHub(ground.hub, ground.repository));
  must(await syncHub(ground.hub, ground.repository));
  const one = await ground.workspace('one');
  const two = await ground.workspace('two');
  put(one.path, { 'a.txt': 'one\n' });
  put(two.path, { 'a.txt': 'two\n' });
  for (const workspace of [one, two]) await workWith(workspace, workspace.id);
  await goalFrom(one, 'k1');
  must(await prepareConflict(two, rawGit(ground.hub, 'rev-parse', GOAL)));
  const range = { gitDir: ground.hub, base: one.base, head: rawGit(ground.hub, 'rev-parse', GOAL) };
  expect(must(await changedPaths(range))).toEqual([{ path: 'a.txt', change: 'modified' }]);
  expect(must(await diffText(range)).text).toContain('+one');
  must(await removeWorkspace(one));
  must(await removeWorkspace(two));
  expect(await hashOfFolder(ground.user)).toBe(before);
  const request = {
    repository: ground.repository,
    hub: ground.hub,
    goalBranch: GOAL,
    key: 'k',
    message: 'm',
    author: AUTHOR,
  };
  expect(must(await acceptGoal({ ...request, targetBranch: 'release', publishAs: 'aios/goal' })).kind).toBe('accepted');
  expect(tagOf(await acceptGoal({ ...request, targetBranch: 'main' }))).toBe('checkout-in-the-way');
  expect(executions()).toBe('');
});

test('nothing an agent plants in its clone is ever executed', async () => {
  ground = playground({ 'a.txt': '1\n', 'dir/b.txt': '1\n' });
  const workspace = await ground.workspace('w');
  put(workspace.path, { 'a.txt': '2\n', '.gitattributes': ATTRIBUTES });
  // A repository inside, recorded as a submodule: a careless `git add` would run `git status` in it.
  put(workspace.path, {
    'inner/x': 'x\n',
    '.gitmodules': '[submodule "inner"]\n\tpath = inner\n\turl = ./x\n',
  });
  const inner = join(workspace.path, 'inner');
  rawGit(inner, 'init', '-q');
  rawGit(inner, 'add', 'x');
  rawGit(inner, '-c', 'user.name=a', '-c', 'user.email=b', 'commit', '-qm', 'x');
  rawGit(workspace.path, 'add', 'inner', '.gitmodules');
  rawGit(workspace.path, 'commit', '-qm', 'with a submodule');
  put(workspace.path, { 'inner/x': 'changed\n' });
  infest(join(inner, '.git'), 'inner');
  infest(join(workspace.path, '.git'), 'agent', {
    'core.worktree': ground.user,
    'extensions.worktreeConfig': 'true',
  });
  const before = await hashOfFolder(ground.user);
  await workWith(workspace, 'a');
  await goalFrom(workspace, 'k1');
  const committed = rawGit(ground.hub, 'ls-tree', '-r', '--name-only', GOAL).split('\n');
  expect(committed).toEqual(['.gitattributes', '.gitmodules', 'a.txt', 'dir/b.txt', 'inner']);
  put(workspace.path, { 'a.txt': '3\n' });
  must(await commitWorkspace({ workspace, message: 'again', author: AUTHOR }));
  expect(await hashOfFolder(ground.user)).toBe(before);
  must(await removeWorkspace(workspace));
  expect(executions()).toBe('');
});

test('a clone whose .git leads elsewhere is refused for commits, still snapshotted, and nothing outside changes', async () => {
  ground = playground({ 'a.txt': '1\n' });
  infest(join(ground.user, '.git'), 'user');
  const before = await hashOfFolder(ground.user);
  const victim = join(ground.user, '.git');
  const tricks: Array<(gitDir: string) => void> = [
    (gitDir) => {
      rmSync(gitDir, { recursive: true });
      writeFileSync(gitDir, `gitdir: ${victim}\n`);
    },
    (gitDir) => {
      rmSync(gitDir, { recursive: true });
      symlinkSync(victim, gitDir);
    },
    (gitDir) => {
      rmSync(join(gitDir, 'refs'), { recursive: true });
      symlinkSync(join(victim, 'refs'), join(gitDir, 'refs'));
    },
    (gitDir) => {
      rmSync(join(gitDir, 'HEAD'));
      symlinkSync(join(victim, 'HEAD'), join(gitDir, 'HEAD'));
    },
    (gitDir) => writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/../../../../user/.git/refs/heads/main\n'),
  ];
  for (const [index, trick] of tricks.entries()) {
    const workspace = await ground.workspace(`t${index}`);
    trick(join(workspace.path, '.git'));
    put(workspace.path, { 'b.txt': 'kept\n' });
    expect([index, tagOf(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }))]).toEqual([
      index,
      'workspace-damaged',
    ]);
    const { snapshot } = must(await removeWorkspace(workspace));
    expect(rawGit(ground.hub, 'show', `${snapshot}:b.txt`)).toBe('kept');
    expect(await hashOfFolder(ground.user)).toBe(before);
  }
  expect(executions()).toBe('');
});

test('borrowing another repository’s objects through alternates does not bring them into the hub', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const workspace = await ground.workspace('w');
  const secret = join(ground.root, 'secret');
  mkdirSync(secret);
  rawGit(secret, 'init', '-q', '-b', 'main');
  put(secret, { key: 'private\n' });
  rawGit(secret, 'add', '-A');
  rawGit(secret, '-c', 'user.name=a', '-c', 'user.email=b', 'commit', '-qm', 'x');
  const stolen = rawGit(secret, 'rev-parse', 'HEAD');
  writeFileSync(join(workspace.path, '.git/objects/info/alternates'), `${secret}/.git/objects\n`);
  writeFileSync(join(workspace.path, '.git/refs/heads/aios/w'), `${stolen}\n`);
  expect((await collect(workspace)).ok).toBe(false);
  expect(() => rawGit(ground.hub, 'cat-file', '-e', stolen)).toThrow();
});

test('a snapshot survives a git folder full of surprises without hanging', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const workspace = await ground.workspace('w');
  const gitDir = join(workspace.path, '.git');
  rmSync(join(gitDir, 'HEAD'));
  execFileSync('mkfifo', [join(gitDir, 'HEAD'), join(workspace.path, 'pipe')]);
  renameSync(join(workspace.path, 'a.txt'), join(workspace.path, 'moved.txt'));
  must(await snapshotWorkspace(workspace, 's'));
  expect(rawGit(ground.hub, 'ls-tree', '--name-only', 'refs/aios/snapshots/s')).toBe('moved.txt');
  expect(readdirSync(workspace.path)).toContain('pipe');
});
