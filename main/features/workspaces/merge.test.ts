import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { commitWorkspace } from './commit.ts';
import { conflictMarkersLeft, prepareConflict } from './conflict.ts';
import type { Workspace } from './content.ts';
import { mergeIntoGoal, openGoalBranch } from './merge.ts';
import { mergeTrees } from './merge-tree.ts';
import { createCommit } from './snapshot.ts';
import { AUTHOR, must, type Playground, playground, put, rawGit, read, tagOf } from './test-kit.ts';
import { createWorkspace, removeWorkspace } from './workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

const GOAL = 'refs/heads/aios/goal';
let ground: Playground;
afterEach(() => ground.remove());

/** A workspace with one committed change. */
async function attempt(id: string, files: Record<string, string>): Promise<{ workspace: Workspace; commit: string }> {
  const workspace = await ground.workspace(id);
  put(workspace.path, files);
  const { commit } = must(await commitWorkspace({ workspace, message: id, author: AUTHOR }));
  must(await openGoalBranch(ground.hub, GOAL, workspace.base));
  return { workspace, commit };
}

function merge(
  commit: string,
  key: string,
  passed = true,
  onVerify: (merged: string) => void | Promise<void> = () => undefined,
) {
  const verify = async (merged: string) => {
    await onVerify(merged);
    return { passed, log: 'exit 1' };
  };
  return mergeIntoGoal({
    hub: ground.hub,
    goalBranch: GOAL,
    commit,
    key,
    message: `Merge ${key}`,
    author: AUTHOR,
    verify,
  });
}

const tip = () => rawGit(ground.hub, 'rev-parse', GOAL);

test('merges are merge commits on the tip, verified in a checkout before the branch moves', async () => {
  ground = playground({ 'a.txt': '1\n', 'b.txt': '1\n' });
  const a = await attempt('a', { 'a.txt': '2\n' });
  const b = await attempt('b', { 'b.txt': '2\n' });
  expect(must(await merge(a.commit, 'k-a'))).toMatchObject({ kind: 'merged', repeated: false });
  const before = tip();
  const seen: string[] = [];
  const done = must(
    await merge(b.commit, 'k-b', true, async (merged) => {
      expect(tip()).toBe(before);
      const request = {
        hub: ground.hub,
        path: join(ground.root, 'verify'),
        id: 'v',
        branch: 'verify',
        base: merged,
        author: AUTHOR,
      };
      const { workspace } = must(await createWorkspace(request));
      seen.push(read(workspace.path, 'a.txt'), read(workspace.path, 'b.txt'));
      must(await removeWorkspace(workspace));
    }),
  );
  expect(seen).toEqual(['2\n', '2\n']);
  expect(done).toMatchObject({ kind: 'merged', previous: before, commit: tip() });
  expect(rawGit(ground.hub, 'rev-list', '--parents', '-1', GOAL).split(' ').slice(1)).toEqual([before, b.commit]);
});

test('the same key merges once, whatever the process survived', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const a = await attempt('a', { 'a.txt': '2\n' });
  const base = tip();
  // Killed after the merge was computed: its objects exist, the branch has not moved.
  const computed = must(await mergeTrees(ground.hub, base, a.commit));
  const parents = [base, a.commit];
  must(
    await createCommit(ground.hub, {
      tree: computed.tree,
      parents,
      message: 'm\n\nAIOS-Merge: k',
      author: AUTHOR,
    }),
  );
  const first = must(await merge(a.commit, 'k'));
  const after = tip();
  // Killed after the branch moved and before anybody heard of it.
  const second = must(await merge(a.commit, 'k', true, () => expect.unreachable()));
  expect(second).toEqual({ ...first, repeated: true });
  expect(tip()).toBe(after);
  expect(must(await merge(a.commit, 'other'))).toEqual({ kind: 'nothing', tip: after });
});

test('an agent cannot claim a key with a trailer of its own', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const forged = await attempt('a', { 'a.txt': '2\n' });
  rawGit(forged.workspace.path, 'commit', '-q', '--allow-empty', '-m', 'x', '-m', 'AIOS-Merge: k2');
  const { commit } = must(await commitWorkspace({ workspace: forged.workspace, message: 'w', author: AUTHOR }));
  const trick = mergeIntoGoal({
    hub: ground.hub,
    goalBranch: GOAL,
    commit,
    key: 'k1',
    message: 'x\n\nAIOS-Merge: k2',
    author: AUTHOR,
    verify: async () => ({ passed: true }),
  });
  must(await trick);
  const b = await attempt('b', { 'b.txt': '1\n' });
  expect(must(await merge(b.commit, 'k2'))).toMatchObject({ kind: 'merged', repeated: false });
  expect(tagOf(await merge(b.commit, 'k\nAIOS-Merge: k3'))).toBe('bad-id');
});

test('a failed verification leaves the branch; a branch that moved meanwhile is merged again on the new tip', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const a = await attempt('a', { 'a.txt': '2\n' });
  const before = tip();
  expect(must(await merge(a.commit, 'k', false))).toMatchObject({
    kind: 'rejected',
    verification: { log: 'exit 1' },
  });
  expect(tip()).toBe(before);
  const b = await attempt('b', { 'b.txt': '1\n' });
  let calls = 0;
  await merge(a.commit, 'k', true, () => {
    calls += 1;
    if (calls === 1) rawGit(ground.hub, 'update-ref', GOAL, b.commit);
  });
  expect(calls).toBe(2);
  expect(rawGit(ground.hub, 'ls-tree', '--name-only', GOAL)).toBe('a.txt\nb.txt');
});

test('merges asked for at once all arrive', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const all = [];
  for (let index = 0; index < 6; index += 1) all.push(await attempt(`w${index}`, { [`f${index}`]: 'x\n' }));
  await Promise.all(all.map(({ commit }, index) => merge(commit, `k${index}`)));
  expect(rawGit(ground.hub, 'ls-tree', '--name-only', GOAL).split('\n')).toHaveLength(7);
});

test('a conflict is reported with its files, resolved by an agent, and concluded with both parents', async () => {
  const odd = 'new\nline "q".txt';
  ground = playground({ 'a.txt': '1\n', [odd]: '1\n', 'gone.txt': '1\n' });
  const a = await attempt('a', { 'a.txt': 'from a\n', [odd]: 'from a\n', 'gone.txt': 'edited\n' });
  const b = await attempt('b', { 'a.txt': 'from b\n', [odd]: 'from b\n', 'new.txt': 'b\n' });
  rmSync(join(b.workspace.path, 'gone.txt'));
  const theirs = must(await commitWorkspace({ workspace: b.workspace, message: 'b2', author: AUTHOR })).commit;
  must(await merge(a.commit, 'ka'));
  const conflict = must(await merge(theirs, 'kb'));
  expect(conflict).toMatchObject({ kind: 'conflict', tip: tip() });
  if (conflict.kind !== 'conflict') return;
  expect([...conflict.files].sort()).toEqual(['a.txt', 'gone.txt', odd].sort());
  expect(conflict.messages.join()).toContain('CONFLICT');
  const prepared = must(await prepareConflict(b.workspace, tip()));
  expect(prepared).toMatchObject({ merging: true });
  expect(rawGit(b.workspace.path, 'diff', '--name-only', '--diff-filter=U').split('\n')).toHaveLength(3);
  expect([...(await conflictMarkersLeft(b.workspace))].sort()).toEqual(['a.txt', odd].sort());
  expect(must(await prepareConflict(b.workspace, tip())).merging).toBe(true);
  put(b.workspace.path, { 'a.txt': 'both\n', [odd]: 'both\n', 'gone.txt': 'edited\n' });
  expect(await conflictMarkersLeft(b.workspace)).toEqual([]);
  const resolved = must(await commitWorkspace({ workspace: b.workspace, message: 'resolve', author: AUTHOR }));
  expect(rawGit(ground.hub, 'rev-list', '--parents', '-1', resolved.commit).split(' ').slice(1)).toEqual([
    theirs,
    tip(),
  ]);
  expect(rawGit(b.workspace.path, 'status', '--porcelain')).toBe('');
  expect(must(await merge(resolved.commit, 'kb2'))).toMatchObject({ kind: 'merged' });
});

test('a merge the agent called off does not become a merge, and a dirty workspace is not merged into', async () => {
  ground = playground({ 'a.txt': '1\n' });
  const a = await attempt('a', { 'a.txt': 'from a\n' });
  const b = await attempt('b', { 'a.txt': 'from b\n' });
  must(await merge(a.commit, 'ka'));
  put(b.workspace.path, { 'c.txt': 'dirty\n' });
  expect(tagOf(await prepareConflict(b.workspace, tip()))).toBe('workspace-not-committed');
  rmSync(join(b.workspace.path, 'c.txt'));
  must(await prepareConflict(b.workspace, tip()));
  rawGit(b.workspace.path, 'merge', '--abort');
  put(b.workspace.path, { 'd.txt': 'd\n' });
  const { commit } = must(await commitWorkspace({ workspace: b.workspace, message: 'd', author: AUTHOR }));
  expect(rawGit(ground.hub, 'rev-list', '--parents', '-1', commit).split(' ').slice(1)).toEqual([b.commit]);
});
