import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { commitWorkspace } from './commit.ts';
import { openGoalBranch } from './merge.ts';
import { type BatchEnd, type BatchItem, mergeBatch } from './merge-batch.ts';
import { AUTHOR, must, type Playground, playground, put, rawGit } from './test-kit.ts';

const BRANCH = 'refs/heads/aios/goal';
type Ends = ReadonlyMap<string, BatchEnd<{ passed: boolean; said: string }>>;

let at: Playground;
beforeEach(async () => {
  at = playground({ 'README.md': '# Sample\n', 'list.txt': 'one\ntwo\nthree\n' });
  await at.workspace('first');
  must(await openGoalBranch(at.hub, BRANCH, rawGit(at.user, 'rev-parse', 'HEAD')));
});
afterEach(() => at.remove());

async function work(id: string, files: Record<string, string>): Promise<BatchItem> {
  const workspace = await at.workspace(id);
  put(workspace.path, files);
  const { commit } = must(await commitWorkspace({ workspace, message: id, author: AUTHOR }));
  return { id, commit, key: `evt:${id}`, message: `Task ${id}` };
}

const inHub = (...args: string[]) => rawGit(at.root, '--git-dir', at.hub, ...args);
const filesAt = (commit: string) => inHub('ls-tree', '-r', '--name-only', commit).split('\n');
const subjects = () => inHub('log', '--first-parent', '--merges', '--reverse', '--format=%s', BRANCH).split('\n');

/** Fails when a file called `bad...` is there, or two that are good only apart. */
function verifier() {
  const seen: string[] = [];
  const verify = async (commit: string) => {
    seen.push(commit);
    const files = filesAt(commit);
    const bad = files.filter((file) => file.startsWith('bad'));
    const apart = files.includes('left.txt') && files.includes('right.txt');
    return { passed: bad.length === 0 && !apart, said: [...bad, ...(apart ? ['left and right'] : [])].join(' ') };
  };
  return { seen, verify };
}

function batch(items: readonly BatchItem[], over: Partial<Parameters<typeof mergeBatch>[0]> = {}) {
  const request = { hub: at.hub, goalBranch: BRANCH, items, author: AUTHOR, wanted: () => true, ...over };
  return mergeBatch(request as Parameters<typeof mergeBatch>[0]) as Promise<Result<Ends, Fault>>;
}

describe('mergeBatch', () => {
  it('merges all with one verification, each with its own merge commit, in order', async () => {
    const items = [
      await work('a', { 'a.txt': 'a' }),
      await work('b', { 'b.txt': 'b' }),
      await work('c', { 'c.txt': 'c' }),
    ];
    const { seen, verify } = verifier();
    const ends = must(await batch(items, { verify }));
    expect(seen).toEqual([inHub('rev-parse', BRANCH)]);
    expect(subjects()).toEqual(['Task a', 'Task b', 'Task c']);
    expect([...ends.values()].map((end) => end.kind)).toEqual(['merged', 'merged', 'merged']);
  });

  it('finds the culprit, gives its output back, and merges the others', async () => {
    const items = [
      await work('a', { 'a.txt': 'a' }),
      await work('x', { 'bad.txt': 'x' }),
      await work('c', { 'c.txt': 'c' }),
      await work('d', { 'd.txt': 'd' }),
    ];
    const { seen, verify } = verifier();
    const ends = must(await batch(items, { verify }));
    expect(ends.get('x')).toEqual({ kind: 'rejected', verification: { passed: false, said: 'bad.txt' } });
    expect(subjects()).toEqual(['Task a', 'Task c', 'Task d']);
    expect(filesAt(BRANCH)).not.toContain('bad.txt');
    expect(seen.length).toBeLessThanOrEqual(5);
  });

  it('sends the later of two back that are good apart and bad together', async () => {
    const items = [
      await work('l', { 'left.txt': 'l' }),
      await work('m', { 'm.txt': 'm' }),
      await work('r', { 'right.txt': 'r' }),
    ];
    const ends = must(await batch(items, { verify: verifier().verify }));
    expect(subjects()).toEqual(['Task l', 'Task m']);
    expect(ends.get('r')).toMatchObject({ kind: 'rejected', verification: { said: 'left and right' } });
  });

  it('leaves out what conflicts with those before it, and what was taken back while it was verified', async () => {
    const items = [
      await work('a', { 'list.txt': 'ONE\ntwo\nthree\n' }),
      await work('b', { 'list.txt': 'Uno\ntwo\nthree\n' }),
      await work('c', { 'c.txt': 'c' }),
    ];
    const unwanted = new Set<string>();
    const { seen, verify } = verifier();
    const ends = must(
      await batch(items, {
        wanted: (id) => !unwanted.has(id),
        verify: async (commit) => {
          unwanted.add('c');
          return verify(commit);
        },
      }),
    );
    expect(Object.fromEntries([...ends].map(([id, end]) => [id, end.kind]))).toEqual({ a: 'merged', b: 'alone' });
    expect(seen).toHaveLength(2);
    expect(filesAt(BRANCH)).not.toContain('c.txt');
  });

  it('comes to the same end when it is killed on the way and called again', async () => {
    const items = [
      await work('a', { 'a.txt': 'a' }),
      await work('x', { 'bad.txt': 'x' }),
      await work('c', { 'c.txt': 'c' }),
      await work('d', { 'd.txt': 'd' }),
    ];
    for (const dies of [1, 2, 3, 4]) {
      let asked = 0;
      const { verify } = verifier();
      const killed = batch(items, {
        verify: async (commit) => {
          asked += 1;
          if (asked === dies) throw new Error('killed');
          return verify(commit);
        },
      });
      await killed.catch(() => undefined);
    }
    const ends = must(await batch(items, { verify: verifier().verify }));
    expect(Object.fromEntries([...ends].map(([id, end]) => [id, end.kind]))).toEqual({
      a: 'merged',
      x: 'rejected',
      c: 'merged',
      d: 'merged',
    });
    expect(subjects().sort()).toEqual(['Task a', 'Task c', 'Task d']);
  });
});
