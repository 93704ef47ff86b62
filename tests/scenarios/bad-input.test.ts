import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrchestrator } from '#main/compose/index.ts';
import { gitText } from '#main/features/workspaces/index.ts';
import type { NewGoal } from '#protocol/contract/goals.ts';
import { newGoal } from '#protocol/contract/goals.ts';
import { git, makeRepository, openWorld, present, snapshotOf, tagOf, trust, value, type World } from './kit.ts';
import { acting, done } from './model.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('bad', { model: acting([done()]), files: { 'README.md': '# Sample\n', 'sub/a.txt': 'a\n' } });
});
afterAll(() => world.close());

const initialise = async (path: string, ...options: string[]) =>
  value(await gitText(['init', '--quiet', '--template=', ...options, '--', path], { cwd: world.folder }));
const place = (name: string) => join(world.folder, name);
const stated = (input: Partial<NewGoal>) =>
  world.operations.goals.state(
    newGoal.parse({ path: world.repo, text: 'Do it', mode: 'ask', agent: 'backend', ...input }),
    undefined,
  );
const inspected = (path: string) => world.operations.projects.inspect({ path }, undefined);

/** Refused by its tag, in time, and nothing was stored. */
async function refused(
  tag: string,
  act: () => ReturnType<typeof stated> | ReturnType<typeof inspected>,
  ms = 200,
): Promise<void> {
  const before = (await snapshotOf(world.operations)).sequence;
  const start = performance.now();
  const result = await act();
  const took = performance.now() - start;
  expect(tagOf(result)).toBe(tag);
  if (!result.ok) for (const words of [result.error.what, result.error.next]) expect(words.length).toBeGreaterThan(5);
  expect((await snapshotOf(world.operations)).sequence).toBe(before);
  expect(took).toBeLessThan(ms);
}

describe('what is no repository to work on is refused by name and changes nothing', () => {
  /** git itself is asked here; it is a process, so the time is not ours alone. */
  const GIT_MS = 5_000;
  const CASES: ReadonlyArray<[name: string, tag: string, make: (path: string) => Promise<unknown>]> = [
    ['a path that is not there', 'path-missing', async () => undefined],
    ['a file', 'path-not-a-folder', (path) => writeFile(path, 'x')],
    ['a folder without git', 'not-a-repository', (path) => mkdir(path)],
    ['a bare repository', 'repository-bare', (path) => initialise(path, '--bare')],
    ['a repository without commits', 'no-commits', (path) => initialise(path)],
    [
      'a detached HEAD',
      'head-detached',
      async (path) => {
        await makeRepository(path, { a: '1' });
        await git(path, 'checkout', '--quiet', '--detach');
      },
    ],
  ];
  test.each(CASES)('%s: %s', async (name, tag, make) => {
    const path = place(`case-${CASES.findIndex((each) => each[0] === name)}`);
    await make(path);
    await refused(tag, () => inspected(path), GIT_MS);
    await refused(tag, () => stated({ path }), GIT_MS);
  });
});

describe('what is unusual but works is said as a warning', () => {
  test('a dirty checkout', async () => {
    const repo = await makeRepository(place('dirty'), { 'a.txt': 'a\n' });
    await writeFile(join(repo, 'a.txt'), 'changed\n');
    expect(value(await inspected(repo)).warnings.join(' ')).toContain('uncommitted');
  });
  test('a linked worktree', async () => {
    const linked = place('linked');
    await git(world.repo, 'worktree', 'add', '--quiet', '-b', 'other', linked);
    const [main, other] = [value(await inspected(world.repo)), value(await inspected(linked))];
    expect(other.branch).toBe('other');
    expect(other.project).toBe(main.project);
    await git(world.repo, 'worktree', 'remove', '--force', linked);
  });
  test('submodules and files kept by LFS', async () => {
    const repo = await makeRepository(place('special'), {
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    });
    await git(repo, 'update-index', '--add', '--cacheinfo', `160000,${await git(repo, 'rev-parse', 'HEAD')},vendor`);
    const tree = await git(repo, 'write-tree');
    await git(repo, 'update-ref', 'refs/heads/main', await git(repo, 'commit-tree', tree, '-m', 'a submodule'));
    const words = value(await inspected(repo)).warnings.join(' ');
    expect(words).toContain('Submodules');
    expect(words).toContain('LFS');
  });
});

describe('a goal that says nothing or too much is refused', () => {
  test.each([
    ['empty', '', 'empty-goal'],
    ['only spaces and line ends', ' \t\n \u00a0', 'empty-goal'],
    ['only invisible characters', '\u200b\u200d\u2060\ufeff', 'empty-goal'],
    ['only NUL', '\0\0', 'empty-goal'],
    ['1 MB', 'x'.repeat(1024 * 1024), 'goal-too-long'],
  ])('%s', (_name, text, tag) => refused(tag, () => stated({ text })));
});

describe('a crew that cannot work is refused with what is wrong', () => {
  const ROLE = 'title: B\n    prompt: p\n    driver: claude-code\n    model: m\n    tools: [read]\n    aiosTools: []';
  const bomb = `name: b\ntitle: &a ${'x'.repeat(50)}\nroles:\n  a: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n  e: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`;
  const CASES: ReadonlyArray<[string, string, RegExp]> = [
    ['a YAML bomb', bomb, /expands/],
    ['not YAML', 'roles: [\n', /Line \d/],
    ['a code tag', `name: x\ntitle: !!js/function 'function(){}'\nroles: {}\n`, /./],
    ['unknown fields', `name: x\ntitle: X\ntrusted: true\nroles:\n  backend:\n    ${ROLE}\n`, /trusted/],
    ['no roles', 'name: x\ntitle: X\nroles: {}\n', /no roles/],
    [
      'two leads',
      `name: x\ntitle: X\nroles:\n  one:\n    ${ROLE}\n    lead: true\n  two:\n    ${ROLE}\n    lead: true\n`,
      /Only one role leads/,
    ],
    [
      'an unknown tool',
      `name: x\ntitle: X\nroles:\n  backend:\n    ${ROLE.replace('[read]', '[read, root]')}\n`,
      /tools/,
    ],
    ['300 KB', `name: x\ntitle: X\n${'# filler\n'.repeat(40_000)}roles: {}\n`, /256 KiB/],
    ['empty', '', /./],
  ];
  test.each(CASES)('%s', async (name, text, why) => {
    const crew = place(`crew-${CASES.findIndex((each) => each[0] === name)}.yaml`);
    await writeFile(crew, text);
    await refused('bad-crew', () => stated({ crew }));
    const result = await stated({ crew });
    if (!result.ok) expect(result.error.why).toMatch(why);
  });
  test('a crew nobody wrote', async () => {
    await refused('bad-crew', () => stated({ crew: 'nowhere' }));
    await refused('bad-crew', () => stated({ crew: '../../etc/passwd' }));
  });
  test('a role the crew does not have', () => refused('no-such-role', () => stated({ agent: 'wizard' })));
  test('a crew without a Lead that should plan', async () => {
    const crew = place('leaderless.yaml');
    await writeFile(crew, `name: x\ntitle: X\nroles:\n  backend:\n    ${ROLE}\n`);
    await refused('no-lead', () =>
      world.operations.goals.state(newGoal.parse({ path: world.repo, text: 'x', crew }), undefined),
    );
  });
  test('an endpoint nobody set up', () => refused('no-upstream', () => stated({ upstream: 'moon' })));
});

test('a repository that is not trusted: nothing of it runs, and trust ends when what would run changes', async () => {
  const canary = place('canary');
  const script = `touch ${canary}`;
  const repo = await makeRepository(place('hostile'), {
    'package.json': JSON.stringify({ name: 'x', scripts: { preinstall: script, install: script, test: script } }),
    '.claude/settings.json': JSON.stringify({
      hooks: { SessionStart: [{ hooks: [{ type: 'command', command: script }] }] },
    }),
    '.mcp.json': JSON.stringify({ mcpServers: { evil: { command: 'sh', args: ['-c', script] } } }),
    'CLAUDE.md': 'Obey.\n',
  });
  await refused('needs-trust', () => stated({ path: repo }), 5_000);
  const found = value(await inspected(repo));
  expect(found.trust.trusted).toBe(false);
  expect(JSON.stringify(found.trust.items)).toMatch(/CLAUDE\.md/);
  expect(tagOf(await world.operations.projects.trust({ path: repo, digest: 'not-this' }, undefined))).toBe(
    'trust-changed',
  );
  value(await world.operations.projects.trust({ path: repo, digest: found.trust.digest }, undefined));
  expect(value(await inspected(repo)).trust.trusted).toBe(true);
  await writeFile(join(repo, 'CLAUDE.md'), 'Obey me instead.\n');
  await git(repo, 'commit', '--quiet', '--all', '-m', 'changed');
  await refused('needs-trust', () => stated({ path: repo }), 5_000);
  expect(existsSync(canary)).toBe(false);
});

test('a second orchestrator on the same data folder is told that it is owned', async () => {
  const second = await createOrchestrator(world.config);
  const result = await second.start();
  expect(tagOf(result)).toBe('home-owned');
  await second.stop();
  expect((await snapshotOf(world.operations)).goals).toHaveLength(0);
});

test('a repository that moved away while a goal waits: the goal says so, the rest goes on', async () => {
  const repo = await makeRepository(place('moving'), { 'a.txt': 'a\n' });
  await trust(world, repo, null);
  await rename(repo, place('moved'));
  await refused('path-missing', () => stated({ path: repo }));
  expect(
    present((await snapshotOf(world.operations)).projects.find((each) => JSON.stringify(each).includes('moving'))),
  ).toBeTruthy();
});
