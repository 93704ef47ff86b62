import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { acceptGoal } from './accept.ts';
import { moveCheckout } from './checkout.ts';
import { commitWorkspace } from './commit.ts';
import type { UserRepository } from './hub.ts';
import { mergeIntoGoal, openGoalBranch } from './merge.ts';
import { AUTHOR, hashOfFolder, must, type Playground, playground, put, rawGit, read, tagOf } from './test-kit.ts';
import { transfer } from './transfer.ts';

vi.setConfig({ testTimeout: 60_000 });

const GOAL = 'refs/heads/aios/goal';
let ground: Playground;
afterEach(() => ground.remove());

/** A goal branch with one merged change. Gives its tip. */
async function goalWith(files: Record<string, string>): Promise<string> {
  const workspace = await ground.workspace('w');
  put(workspace.path, files);
  const { commit } = must(await commitWorkspace({ workspace, message: 'w', author: AUTHOR }));
  must(await openGoalBranch(ground.hub, GOAL, workspace.base));
  const request = { hub: ground.hub, goalBranch: GOAL, commit, key: 'k', message: 'm', author: AUTHOR };
  must(await mergeIntoGoal({ ...request, verify: async () => ({ passed: true }) }));
  return rawGit(ground.hub, 'rev-parse', GOAL);
}

function accept(targetBranch = 'main', repository: UserRepository = ground.repository, publishAs = 'aios/goal') {
  const request = {
    repository,
    hub: ground.hub,
    goalBranch: GOAL,
    targetBranch,
    key: 'acc',
    message: 'Accept',
    author: AUTHOR,
  };
  return acceptGoal({ ...request, publishAs });
}

const user = (...args: string[]) => rawGit(ground.user, ...args);

test('a clean checkout follows by fast-forward, twice is once, and the goal branch appears', async () => {
  ground = playground({ 'a.txt': '1\n', 'dir/b.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n', 'new/c.txt': 'c\n' });
  expect(must(await accept())).toMatchObject({
    kind: 'accepted',
    commit: goal,
    how: 'fast-forward',
    checkout: ground.user,
  });
  expect(user('status', '--porcelain')).toBe('');
  expect(user('rev-parse', 'main', 'aios/goal')).toBe(`${goal}\n${goal}`);
  expect(read(ground.user, 'new/c.txt')).toBe('c\n');
  expect(user('reflog', '-1', '--format=%gs')).toContain('aios: accept aios/goal');
  expect(must(await accept())).toEqual({ kind: 'already', commit: goal });
  expect(user('fsck', '--strict')).not.toMatch(/error|missing/);
});

test('edits elsewhere survive, staged and unstaged and untracked', async () => {
  ground = playground({ 'a.txt': '1\n', 'mine.txt': '1\n', 'staged.txt': '1\n' });
  await goalWith({ 'a.txt': '2\n' });
  put(ground.user, { 'mine.txt': 'edited\n', 'staged.txt': 'staged\n', 'untracked.txt': 'u\n' });
  user('add', 'staged.txt');
  must(await accept());
  expect(user('status', '--porcelain').split('\n').sort()).toEqual(
    [' M mine.txt', '?? untracked.txt', 'M  staged.txt'].map((line) => line.trim()).sort(),
  );
  expect(read(ground.user, 'a.txt')).toBe('2\n');
});

test.each<[string, Record<string, string>, boolean]>([
  ['an edited file', { 'a.txt': 'my edit\n' }, false],
  ['a staged file', { 'a.txt': 'my edit\n' }, true],
  ['an untracked file in the way', { 'new/c.txt': 'mine\n' }, false],
  ['an ignored file in the way', { 'new/c.txt': 'mine\n', '.git/info/exclude': 'new\n' }, false],
  ['a file where a folder must go', { new: 'mine\n' }, false],
  ['a folder where a file must go', { 'plain/x': 'mine\n' }, false],
])('%s refuses, changes nothing and says what to run', async (_, files, staged) => {
  ground = playground({ 'a.txt': '1\n' });
  await goalWith({ 'a.txt': '2\n', 'new/c.txt': 'c\n', plain: 'p\n' });
  put(ground.user, files);
  if (staged) user('add', '-A');
  const before = await hashOfFolder(join(ground.user, '.git', 'refs'));
  const index = read(ground.user, '.git/index');
  const result = await accept();
  expect(tagOf(result)).toBe('checkout-in-the-way');
  expect(result.ok ? '' : result.error.next).toContain(`git -C '${ground.user}' fetch '${ground.hub}' '${GOAL}'`);
  expect(await hashOfFolder(join(ground.user, '.git', 'refs'))).toBe(before);
  expect(read(ground.user, '.git/index')).toBe(index);
  for (const [path, text] of Object.entries(files)) expect(read(ground.user, path)).toBe(text);
});

test('the command in a refusal works', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n' });
  put(ground.user, { 'a.txt': 'edit\n' });
  const result = await accept();
  const command = result.ok ? '' : (/run: (.*)$/.exec(result.error.next)?.[1] ?? '');
  user('checkout', '-q', '--', 'a.txt');
  execFileSync('/bin/sh', ['-c', command], { stdio: 'ignore' });
  expect(user('rev-parse', 'HEAD')).toBe(goal);
});

test('a branch that is not checked out moves alone; one in a linked worktree brings that folder along', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n' });
  user('branch', 'release');
  user('branch', 'linked');
  const linked = join(ground.root, 'linked');
  user('worktree', 'add', '-q', linked, 'linked');
  expect(must(await accept('release'))).toMatchObject({ checkout: null, commit: goal });
  expect(must(await accept('linked'))).toMatchObject({ checkout: linked });
  expect(read(linked, 'a.txt')).toBe('2\n');
  expect(rawGit(linked, 'status', '--porcelain')).toBe('');
  expect(read(ground.user, 'a.txt')).toBe('1\n');
  expect(user('status', '--porcelain')).toBe('');
  expect(tagOf(await accept('missing'))).toBe('no-such-branch');
});

test('a target with commits of its own gets a merge commit; a conflict is refused', async () => {
  ground = playground({ 'a.txt': '1\n', 'b.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n' });
  put(ground.user, { 'b.txt': 'mine\n' });
  const mine = ground.commit('mine');
  user('branch', 'clash', 'main~1');
  const done = must(await accept());
  expect(done).toMatchObject({ kind: 'accepted', how: 'merge', previous: mine });
  expect(user('rev-list', '--parents', '-1', 'main').split(' ').slice(1)).toEqual([mine, goal]);
  expect(user('status', '--porcelain')).toBe('');
  user('switch', '-q', 'clash');
  put(ground.user, { 'a.txt': 'clash\n' });
  ground.commit('clash');
  expect(tagOf(await accept('clash'))).toBe('accept-conflict');
  expect(read(ground.user, 'a.txt')).toBe('clash\n');
});

test('a cut-off acceptance is finished by the next one', async () => {
  ground = playground({ 'a.txt': '1\n', 'b.txt': '1\n', 'c.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n', 'b.txt': '2\n', 'd.txt': 'new\n' });
  // Killed while files were written: some are new, the index is old.
  put(ground.user, { 'a.txt': '2\n', 'd.txt': 'new\n' });
  must(await accept());
  expect(user('status', '--porcelain')).toBe('');
  expect(user('rev-parse', 'main')).toBe(goal);
  // Killed after files and index were written, before the branch moved.
  const base = user('rev-parse', 'main~1');
  user('update-ref', 'refs/heads/main', base);
  must(await accept());
  expect(user('status', '--porcelain')).toBe('');
  expect(user('rev-parse', 'main')).toBe(goal);
});

test('refuses during an operation of the user and where filters would have to write', async () => {
  ground = playground({ 'a.txt': '1\n', 'x.bin': '1\n', '.gitattributes': '*.bin filter=lfs\n' });
  await goalWith({ 'x.bin': '2\n' });
  expect(tagOf(await accept())).toBe('checkout-in-the-way');
  put(ground.user, { '.git/MERGE_HEAD': `${'0'.repeat(40)}\n` });
  expect(tagOf(await accept())).toBe('accept-busy');
});

test('moving a checkout does not start while another git holds the index', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const goal = await goalWith({ 'a.txt': '2\n' });
  const { commonDir, gitDir, topLevel } = ground.repository;
  must(await transfer({ from: { gitDir: ground.hub }, to: { gitDir }, wants: [goal], haves: [] }));
  put(ground.user, { '.git/index.lock': '' });
  const from = user('rev-parse', 'main');
  const result = await moveCheckout({
    hub: ground.hub,
    topLevel,
    gitDir,
    commonDir,
    from,
    to: goal,
    conversion: [],
  });
  expect(tagOf(result)).toBe('checkout-in-the-way');
  expect(read(ground.user, 'a.txt')).toBe('1\n');
});
