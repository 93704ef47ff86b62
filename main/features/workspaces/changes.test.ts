import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { changesBetween, checkPath, commitRange, commitsBetween, liveState, parentOf } from './changes.ts';
import { fileDiff, lastTouched } from './file-diff.ts';
import { gitText } from './git.ts';
import { ensureHub } from './hub.ts';
import { checkRevert, hunkOf, revertInWorkspace, revertOnBranch } from './hunk.ts';
import { openGoalBranch } from './merge.ts';
import { publishBranch } from './publish.ts';
import { AUTHOR, hashOfFolder, must, type Playground, playground, put, rawGit, read, tagOf } from './test-kit.ts';

const grounds: Playground[] = [];
afterEach(() => {
  for (const ground of grounds.splice(0)) ground.remove();
});
function ground(files: Readonly<Record<string, string>>): Playground {
  const made = playground(files);
  grounds.push(made);
  return made;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
const GOAL = 'refs/heads/aios/goal';

describe('changes', () => {
  it('shows what an agent has not committed, and touches nothing of it', async () => {
    const on = ground({ 'a.txt': numbers(30), 'old name.txt': numbers(40), 'gone.txt': 'x\n' });
    const workspace = await on.workspace('att_1');
    put(workspace.path, { 'a.txt': numbers(31), 'deep/ünew.txt': 'one\ntwo\n', 'data.bin': '\0\0' });
    rawGit(workspace.path, 'mv', 'old name.txt', 'new name.txt');
    rawGit(workspace.path, 'rm', '-q', 'gone.txt');
    const before = await hashOfFolder(workspace.path);
    const live = must(await liveState(workspace));
    expect(live).toMatchObject({ commit: workspace.base, uncommitted: true });
    expect(await hashOfFolder(workspace.path)).toBe(before);
    const range = { gitDir: on.hub, base: workspace.base, head: live.head };
    const { files, total } = must(await changesBetween(range, 100));
    expect(total).toBe(5);
    expect(Object.fromEntries(files.map(({ path, ...rest }) => [path, rest]))).toEqual({
      'a.txt': { from: null, status: 'modified', additions: 1, deletions: 0 },
      'data.bin': { from: null, status: 'added', additions: null, deletions: null },
      'deep/ünew.txt': { from: null, status: 'added', additions: 2, deletions: 0 },
      'gone.txt': { from: null, status: 'deleted', additions: 0, deletions: 1 },
      'new name.txt': { from: 'old name.txt', status: 'renamed', additions: 0, deletions: 0 },
    });
    expect(must(await fileDiff(range, 'new name.txt')).diff).toContain('rename from old name.txt');
    expect(must(await fileDiff(range, 'data.bin')).binary).toBe(true);
    expect(must(await fileDiff(range, 'deep/ünew.txt')).diff).toContain('+++ b/deep/ünew.txt');
  });

  it('counts only the files it shows, moved ones too', async () => {
    const on = ground({ 'moved.txt': numbers(50), 'a/keep.txt': 'k\n' });
    const base = rawGit(on.user, 'rev-parse', 'HEAD');
    for (let file = 0; file < 30; file += 1)
      put(on.user, { [`m/${String(file).padStart(2, '0')}.txt`]: numbers(file) });
    rawGit(on.user, 'mv', 'moved.txt', 'a/moved.txt');
    writeFileSync(join(on.user, 'a/moved.txt'), numbers(52));
    const head = on.commit('many');
    must(await ensureHub(on.hub, on.repository));
    const { files, total } = must(await changesBetween({ gitDir: on.hub, base, head }, 3));
    expect(total).toBe(31);
    expect(files).toEqual([
      { path: 'a/moved.txt', from: 'moved.txt', status: 'renamed', additions: 2, deletions: 0 },
      { path: 'm/00.txt', from: null, status: 'added', additions: 0, deletions: 0 },
      { path: 'm/01.txt', from: null, status: 'added', additions: 1, deletions: 0 },
    ]);
  });

  it('cuts a huge file, says so, and runs no program of the repository', async () => {
    const on = ground({ '.gitattributes': '*.txt diff=evil\n', 'big.txt': 'x\n', 'lines.txt': 'x\n' });
    const base = rawGit(on.user, 'rev-parse', 'HEAD');
    put(on.user, { 'big.txt': 'y'.repeat(3 * 1024 * 1024), 'lines.txt': numbers(30_000) });
    const head = on.commit('huge');
    must(await ensureHub(on.hub, on.repository));
    const mark = join(on.root, 'ran');
    rawGit(on.hub, 'config', 'diff.evil.textconv', `touch ${mark}; cat`);
    rawGit(on.hub, 'config', 'diff.evil.command', `touch ${mark}`);
    const range = { gitDir: on.hub, base, head };
    const big = must(await fileDiff(range, 'big.txt'));
    expect(big.truncated).toBe(true);
    expect(Buffer.byteLength(big.diff)).toBeLessThanOrEqual(1024 * 1024 + 1);
    const lines = must(await fileDiff(range, 'lines.txt'));
    expect([lines.truncated, lines.diff.split('\n').length - 1]).toEqual([true, 20_000]);
    expect(() => read(on.root, 'ran')).toThrow();
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '.git/config', 'a//b', '', 'a\0b', './a'])(
    'refuses the path %j',
    (path) => {
      expect(tagOf(checkPath(path))).toBe('bad-path');
    },
  );

  it('takes paths as they are, not as patterns or options', async () => {
    const on = ground({ 'a.txt': 'a\n', '--output=x': 'a\n' });
    const base = rawGit(on.user, 'rev-parse', 'HEAD');
    put(on.user, { 'a.txt': 'b\n', '--output=x': 'b\n', ':(glob)*': 'b\n' });
    const head = on.commit('odd');
    must(await ensureHub(on.hub, on.repository));
    const range = { gitDir: on.hub, base, head };
    expect(tagOf(await fileDiff(range, '*.txt'))).toBe('no-such-file');
    expect(must(await fileDiff(range, '--output=x')).diff).toContain('+++ b/--output=x');
    expect(must(await fileDiff(range, ':(glob)*')).diff).toContain('+b');
  });

  it('lists commits, newest last, and looks at one of them alone', async () => {
    const on = ground({ 'a.txt': 'a\n' });
    const base = rawGit(on.user, 'rev-parse', 'HEAD');
    put(on.user, { 'a.txt': 'b\n' });
    const one = on.commit('one');
    put(on.user, { 'b.txt': 'b\n' });
    const two = on.commit('two');
    must(await ensureHub(on.hub, on.repository));
    const range = { gitDir: on.hub, base, head: two };
    const commits = must(await commitsBetween(range, true));
    expect(commits.map(({ id, subject, author }) => [id, subject, author])).toEqual([
      [one, 'one', 'Ursula'],
      [two, 'two', 'Ursula'],
    ]);
    expect(must(await commitRange(range, two))).toMatchObject({ base: one, head: two });
    expect(tagOf(await commitRange(range, base))).toBe('no-such-commit');
    expect(tagOf(await commitRange(range, '--all'))).toBe('no-such-commit');
    const root = must(await parentOf(on.hub, base));
    expect(must(await changesBetween({ gitDir: on.hub, base: root, head: base }, 9)).total).toBe(1);
  });
});

/** A goal's branch whose one merge changed two places of a file, and made another. */
async function merged() {
  const on = ground({ 'a.txt': numbers(60) });
  const base = rawGit(on.user, 'rev-parse', 'HEAD');
  const changed = numbers(60).replace('line 5\n', 'line FIVE\n').replace('line 50\n', 'line 50\nline 50b\n');
  put(on.user, { 'a.txt': changed, 'made.txt': 'made\n' });
  const head = on.commit('work');
  rawGit(on.user, 'reset', '-q', '--hard', base);
  rawGit(on.user, 'update-ref', 'refs/heads/kept', head);
  must(await ensureHub(on.hub, on.repository));
  must(await openGoalBranch(on.hub, GOAL, head));
  return { on, base, head, range: { gitDir: on.hub, base, head } };
}

const headersOf = (diff: string) => diff.split('\n').filter((line) => line.startsWith('@@'));

describe('taking a hunk out', () => {
  it('does it on a branch once, whatever is called again', async () => {
    const { on, base, range, head } = await merged();
    const { diff } = must(await fileDiff(range, 'a.txt'));
    const [first = ''] = headersOf(diff);
    const patch = must(hunkOf(diff, first, false));
    must(await checkRevert(on.hub, GOAL, patch));
    const commit = must(await revertOnBranch(on.hub, GOAL, { patch, key: 'evt_1', author: AUTHOR }));
    expect(must(await revertOnBranch(on.hub, GOAL, { patch, key: 'evt_1', author: AUTHOR }))).toBe(commit);
    expect(rawGit(on.hub, 'rev-parse', `${commit}^`)).toBe(head);
    expect(rawGit(on.hub, 'log', '-1', '--format=%s', commit)).toBe('Take out a hunk of a.txt');
    const now = must(await fileDiff({ gitDir: on.hub, base, head: commit }, 'a.txt')).diff;
    expect([now.includes('FIVE'), now.includes('+line 50b')]).toEqual([false, true]);
    expect(tagOf(await revertOnBranch(on.hub, GOAL, { patch, key: 'evt_2', author: AUTHOR }))).toBe('hunk-conflict');
  });

  it('takes out a whole file that was made', async () => {
    const { on, range } = await merged();
    const { diff } = must(await fileDiff(range, 'made.txt'));
    const patch = must(hunkOf(diff, headersOf(diff)[0] ?? '', false));
    const commit = must(await revertOnBranch(on.hub, GOAL, { patch, key: 'evt_1', author: AUTHOR }));
    expect(rawGit(on.hub, 'ls-tree', '--name-only', commit)).toBe('a.txt');
  });

  it('does it in a workspace, also when it was cut off before the commit', async () => {
    const on = ground({ 'a.txt': numbers(60) });
    const workspace = await on.workspace('att_1');
    put(workspace.path, { 'a.txt': numbers(60).replace('line 5\n', 'FIVE\n').replace('line 50\n', 'FIFTY\n') });
    const live = must(await liveState(workspace));
    const { diff } = must(await fileDiff({ gitDir: on.hub, base: workspace.base, head: live.head }, 'a.txt'));
    const patch = must(hunkOf(diff, headersOf(diff)[1] ?? '', false));
    // Cut off: the files are changed already.
    put(workspace.path, { 'a.txt': numbers(60).replace('line 5\n', 'FIVE\n') });
    const request = { patch, key: 'evt_9', author: AUTHOR, trailers: { 'AIOS-Task': 'task_1' } };
    const commit = must(await revertInWorkspace(workspace, request));
    expect(read(workspace.path, 'a.txt')).toBe(numbers(60).replace('line 5\n', 'FIVE\n'));
    expect(must(await revertInWorkspace(workspace, request))).toBe(commit);
    expect(rawGit(workspace.path, 'status', '--porcelain')).toBe('');
    expect(must(await gitText(['log', '-1', '--format=%B', commit], { gitDir: on.hub }))).toContain(
      'AIOS-Task: task_1',
    );
    expect(tagOf(await revertInWorkspace(workspace, { ...request, key: 'evt_10' }))).toBe('no fault');
  });

  it('refuses a hunk that is not there or was cut', async () => {
    const { range } = await merged();
    const { diff } = must(await fileDiff(range, 'a.txt'));
    expect(tagOf(hunkOf(diff, '@@ -1,1 +1,1 @@', false))).toBe('no-such-hunk');
    expect(tagOf(hunkOf(diff, headersOf(diff)[1] ?? '', true))).toBe('no-such-hunk');
  });

  it('knows where a line comes from', async () => {
    const { range, head } = await merged();
    expect(await lastTouched(range, 'a.txt', 5)).toBe(head);
    expect(await lastTouched(range, 'a.txt', null)).toBe(head);
    expect(await lastTouched(range, 'none.txt', 1)).toBeNull();
  });
});

describe('a branch in the user’s repository', () => {
  it('appears and moves forward without touching a checkout', async () => {
    const { on, head } = await merged();
    const before = await hashOfFolder(join(on.user, '.git', 'refs', 'heads'));
    expect(must(await publishBranch(on.hub, 'aios/goal', on.repository))).toEqual({
      branch: 'aios/goal',
      commit: head,
    });
    expect(rawGit(on.user, 'status', '--porcelain')).toBe('');
    expect(rawGit(on.user, 'rev-parse', 'aios/goal')).toBe(head);
    expect(before).not.toBe(await hashOfFolder(join(on.user, '.git', 'refs', 'heads')));
    rawGit(on.user, 'update-ref', 'refs/heads/aios/goal', rawGit(on.user, 'commit-tree', '-m', 'own', 'main^{tree}'));
    expect(tagOf(await publishBranch(on.hub, 'aios/goal', on.repository))).toBe('branch-in-the-way');
  });
});
