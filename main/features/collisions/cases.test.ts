import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  commitWorkspace,
  forgetGlances,
  glance,
  mergeIntoGoal,
  openGoalBranch,
  prepareConflict,
  type Workspace,
} from '#main/features/workspaces/index.ts';
import {
  AUTHOR,
  hashOfFolder,
  must,
  type Playground,
  playground,
  put,
  rawGit,
} from '#main/features/workspaces/test-kit.ts';
import { createMeetings } from './pair.ts';

const BRANCH = 'refs/heads/aios/goal';
const LINK = `160000 commit ${'1'.repeat(40)}`;
const FILES = {
  'a.txt': Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join(''),
  'tool.sh': '#!/bin/sh\n',
  'README.md': '# Sample\n',
};

let at: Playground;
afterEach(() => at.remove());

interface Case {
  readonly name: string;
  readonly one: (work: Workspace) => void;
  readonly other: (work: Workspace) => void;
  /** What the radar calls it, and what the merge of the second makes of it. */
  readonly radar: 'conflict' | 'same-file' | null;
  readonly merge: 'merged' | 'conflict';
  readonly files?: readonly string[];
}

const write = (work: Workspace, path: string, text: string | Uint8Array) => writeFileSync(join(work.path, path), text);
const edit = (from: string, to: string) => (work: Workspace) => write(work, 'a.txt', FILES['a.txt'].replace(from, to));
/** A submodule's pointer, as an agent would commit it. */
const pointer = (commit: string) => (work: Workspace) => {
  mkdirSync(join(work.path, 'lib'));
  rawGit(work.path, 'update-index', '--add', '--cacheinfo', `160000,${commit.repeat(40)},lib`);
  rawGit(work.path, 'commit', '-q', '-m', 'pointer');
};

const CASES: readonly Case[] = [
  {
    name: 'the same lines',
    one: edit('line 3', 'A'),
    other: edit('line 3', 'B'),
    radar: 'conflict',
    merge: 'conflict',
    files: ['a.txt'],
  },
  {
    name: 'lines apart in one file',
    one: edit('line 3\n', 'A\n'),
    other: edit('line 17', 'B'),
    radar: 'same-file',
    merge: 'merged',
    files: ['a.txt'],
  },
  {
    name: 'files apart',
    one: edit('line 3', 'A'),
    other: (work) => write(work, 'new.txt', 'x'),
    radar: null,
    merge: 'merged',
  },
  { name: 'the same change', one: edit('line 3', 'A'), other: edit('line 3', 'A'), radar: null, merge: 'merged' },
  {
    name: 'a binary on both sides',
    one: (work) => write(work, 'logo.bin', Uint8Array.of(0, 1, 2, 255)),
    other: (work) => write(work, 'logo.bin', Uint8Array.of(0, 9, 9, 255)),
    radar: 'conflict',
    merge: 'conflict',
    files: ['logo.bin'],
  },
  {
    name: 'a rename against an edit',
    one: (work) => renameSync(join(work.path, 'a.txt'), join(work.path, 'b.txt')),
    other: edit('line 3', 'B'),
    // git takes the edit along to the new name: nothing of it is changed twice.
    radar: null,
    merge: 'merged',
  },
  {
    name: 'two renames of one file',
    one: (work) => renameSync(join(work.path, 'a.txt'), join(work.path, 'b.txt')),
    other: (work) => renameSync(join(work.path, 'a.txt'), join(work.path, 'c.txt')),
    radar: 'conflict',
    merge: 'conflict',
  },
  {
    name: 'a deleted file against an edit',
    one: (work) => rmSync(join(work.path, 'a.txt')),
    other: edit('line 3', 'B'),
    radar: 'conflict',
    merge: 'conflict',
    files: ['a.txt'],
  },
  {
    name: 'a mode change against an edit',
    one: (work) => chmodSync(join(work.path, 'tool.sh'), 0o755),
    other: (work) => write(work, 'tool.sh', '#!/bin/sh\necho\n'),
    radar: null,
    merge: 'merged',
  },
  {
    name: 'a link where the other has a file',
    one: (work) => symlinkSync('README.md', join(work.path, 'note')),
    other: (work) => write(work, 'note', 'text'),
    radar: 'conflict',
    merge: 'conflict',
  },
  {
    name: 'a file where the other makes a folder',
    one: (work) => write(work, 'docs', 'text'),
    other: (work) => put(work.path, { 'docs/index.md': 'x' }),
    radar: 'conflict',
    merge: 'conflict',
  },
];

async function both(one: Case['one'], other: Case['other']) {
  const [first, second] = [await at.workspace('first'), await at.workspace('second')];
  one(first);
  other(second);
  return { first, second, store: join(at.root, 'data', 'radar.git') };
}

/** Both are committed, the first is merged, the second is tried. */
async function mergeBoth(first: Workspace, second: Workspace) {
  const goal = { hub: at.hub, goalBranch: BRANCH, author: AUTHOR, verify: async () => ({ passed: true }) };
  must(await openGoalBranch(at.hub, BRANCH, first.base));
  const merge = async (workspace: Workspace) => {
    const { commit } = must(await commitWorkspace({ workspace, message: workspace.id, author: AUTHOR }));
    return must(await mergeIntoGoal({ ...goal, commit, key: `evt:${workspace.id}`, message: workspace.id }));
  };
  expect((await merge(first)).kind).toBe('merged');
  const tip = rawGit(at.root, '--git-dir', at.hub, 'rev-parse', BRANCH);
  return { outcome: await merge(second), tip };
}

/** Every object of the branch is there and sound, and no file of it holds a marker. */
function expectSound(): void {
  const hub = ['--git-dir', at.hub];
  expect(rawGit(at.root, ...hub, 'fsck', '--strict', '--no-dangling', BRANCH)).toBe('');
  expect(() => rawGit(at.root, ...hub, 'grep', '-q', '^<<<<<<<', BRANCH)).toThrow();
}

describe('trial merges and merges say the same', () => {
  it.each(CASES)('$name', async ({ one, other, radar, merge, files }) => {
    at = playground(FILES);
    const { first, second, store } = await both(one, other);
    const clones = await Promise.all([first, second].map((work) => hashOfFolder(work.path)));
    const hub = await hashOfFolder(at.hub);
    const [mine, theirs] = [must(await glance(first, store)), must(await glance(second, store))];
    const met = await createMeetings().of(store, mine, theirs);
    expect(met?.kind ?? null).toBe(radar);
    if (files) expect(met?.files).toEqual(files);
    expect(await Promise.all([first, second].map((work) => hashOfFolder(work.path)))).toEqual(clones);
    expect(await hashOfFolder(at.hub)).toBe(hub);

    const { outcome, tip } = await mergeBoth(first, second);
    expect(outcome.kind).toBe(merge);
    expectSound();
    if (outcome.kind !== 'conflict') return;
    expect(rawGit(at.root, '--git-dir', at.hub, 'rev-parse', BRANCH)).toBe(tip);
    expect(must(await prepareConflict(second, tip)).files.length).toBeGreaterThan(0);
    await forgetGlances(store);
  });

  it('submodule pointers that differ are a conflict, and nothing is merged', async () => {
    at = playground(FILES);
    const { first, second } = await both(pointer('1'), pointer('2'));
    const { outcome, tip } = await mergeBoth(first, second);
    expect(outcome.kind).toBe('conflict');
    expect(rawGit(at.root, '--git-dir', at.hub, 'ls-tree', tip, 'lib')).toContain(LINK);
    expect(rawGit(at.root, '--git-dir', at.hub, 'rev-parse', BRANCH)).toBe(tip);
  });

  it('names that differ in case only are a conflict, though git merges them', async () => {
    at = playground(FILES);
    const { first, second } = await both(
      (work) => write(work, 'Notes.md', 'A'),
      (work) => write(work, 'notes.md', 'B'),
    );
    const { outcome } = await mergeBoth(first, second);
    expect(outcome).toMatchObject({ kind: 'conflict', files: ['Notes.md', 'notes.md'] });
    expectSound();
  });

  it('sees what an agent commits itself, and a workspace whose own git is damaged', async () => {
    at = playground(FILES);
    const { first, second, store } = await both(edit('line 3', 'A'), edit('line 3', 'B'));
    rawGit(first.path, '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '-qam', 'own');
    rmSync(join(second.path, '.git', 'HEAD'));
    const [mine, theirs] = [must(await glance(first, store)), must(await glance(second, store))];
    expect((await createMeetings().of(store, mine, theirs))?.kind).toBe('conflict');
    expect(must(await glance(first, store, mine)).commit).toBe(mine.commit);
  });
});
