import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBranchFile, writeBranchFile } from './branch-file.ts';
import { ensureHub } from './hub.ts';
import { advance, openGoalBranch } from './merge.ts';
import { createCommit } from './snapshot.ts';
import { AUTHOR, must, type Playground, playground, rawGit, tagOf } from './test-kit.ts';

const BRANCH = 'refs/heads/aios/plan';
const PATH = '.aios/plans/goal "1" ä.yaml';

describe('a file of a branch', () => {
  let ground: Playground;
  let base: string;
  beforeEach(async () => {
    ground = playground({ 'a.txt': 'a\n', '.aios/other.txt': 'kept\n' });
    base = rawGit(ground.user, 'rev-parse', 'HEAD');
    must(await ensureHub(ground.hub, ground.repository));
    must(await openGoalBranch(ground.hub, BRANCH, base));
  });
  afterEach(() => ground.remove());

  const write = (text: string, changes: Partial<Parameters<typeof writeBranchFile>[2]> = {}) =>
    writeBranchFile(ground.hub, BRANCH, { path: PATH, text, message: 'Write the plan', author: AUTHOR, ...changes });
  const inHub = (...args: string[]) => rawGit(ground.hub, '-c', 'core.quotePath=false', ...args);

  it('is written with a commit of its own beside everything else, and read again', async () => {
    expect(must(await readBranchFile(ground.hub, BRANCH, PATH))).toEqual({ tip: base, file: null });
    const text = 'goal: 1\n\nä "quoted" \\ line without an end';
    const blob = must(await write(text));
    expect(must(await readBranchFile(ground.hub, BRANCH, PATH)).file).toEqual({ blob, text });
    expect(inHub('rev-parse', `${BRANCH}^`)).toBe(base);
    expect(inHub('log', '-1', '--format=%an <%ae> %cn <%ce> %s', BRANCH)).toBe(
      `${AUTHOR.name} <${AUTHOR.email}> ${AUTHOR.name} <${AUTHOR.email}> Write the plan`,
    );
    expect(Math.abs(Number(inHub('log', '-1', '--format=%at', BRANCH)) - Date.now() / 1000)).toBeLessThan(60);
    expect(inHub('ls-tree', '-r', '-z', '--name-only', BRANCH).split('\0').filter(Boolean)).toEqual(
      [PATH, '.aios/other.txt', 'a.txt'].toSorted(),
    );
    inHub('fsck', '--strict');
  });

  it('is not written again when the branch has it so', async () => {
    const blob = must(await write('same\n'));
    const tip = inHub('rev-parse', BRANCH);
    expect(must(await write('same\n'))).toBe(blob);
    expect(inHub('rev-parse', BRANCH)).toBe(tip);
    expect(must(await write('other\n'))).not.toBe(blob);
    expect(inHub('rev-parse', `${BRANCH}^`)).toBe(tip);
  });

  it('lands on the new tip when others move the branch at the same time', async () => {
    const others = Array.from({ length: 4 }, (_, index) => write(`${index}\n`, { path: `other-${index}.txt` }));
    const all = await Promise.all([write('mine\n'), ...others]);
    all.map(must);
    expect(inHub('rev-list', '--count', `${base}..${BRANCH}`)).toBe('5');
    expect(must(await readBranchFile(ground.hub, BRANCH, PATH)).file?.text).toBe('mine\n');
  });

  it('names people by what git can hold', async () => {
    must(await write('x\n', { author: { name: 'A <b>\nfrom: c', email: 'a>b@example.org' } }));
    expect(inHub('log', '-1', '--format=%an|%ae', BRANCH)).toBe('A  b  from: c|a b@example.org');
    inHub('fsck', '--strict');
  });

  it('is refused where there is no such branch, or a folder in its place', async () => {
    expect(tagOf(await readBranchFile(ground.hub, 'refs/heads/nowhere', PATH))).toBe('no-such-branch');
    expect(
      tagOf(
        await writeBranchFile(ground.hub, 'refs/heads/nowhere', { path: 'a', text: '', message: 'm', author: AUTHOR }),
      ),
    ).toBe('no-such-branch');
    expect(tagOf(await readBranchFile(ground.hub, BRANCH, '.aios'))).toBe('git-failed');
  });

  it('does not move a branch that has gone elsewhere since it was read', async () => {
    const seen = must(await readBranchFile(ground.hub, BRANCH, PATH));
    const tree = inHub('rev-parse', `${BRANCH}^{tree}`);
    const elsewhere = must(await createCommit(ground.hub, { tree, parents: [], message: 'Elsewhere', author: AUTHOR }));
    must(await advance(ground.hub, BRANCH, elsewhere, base));
    const file = { path: PATH, text: 'x\n', message: 'm', author: AUTHOR };
    must(await writeBranchFile(ground.hub, BRANCH, file, seen));
    expect(inHub('rev-parse', `${BRANCH}^`)).toBe(elsewhere);
    writeFileSync(`${ground.hub}/${BRANCH}.lock`, '');
    expect(tagOf(await write('y\n'))).toBe('branch-moved');
  });
});
