import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProjectCommands } from './commands.ts';
import { describeTrust, readContext, type TrustDescription } from './trust.ts';

vi.setConfig({ testTimeout: 60_000 });

const COMMANDS: ProjectCommands = { setup: 'npm ci', verify: 'npm test', source: 'package.json' };
let repo: string;
beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'aios-trust-'));
  git('init', '-q');
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

function git(...args: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: repo };
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=b', ...args], {
    cwd: repo,
    env,
    encoding: 'utf8',
  }).trim();
}

function commit(files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true });
    writeFileSync(join(repo, path), text);
  }
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

async function describe(at: string, commands = COMMANDS): Promise<TrustDescription> {
  const result = await describeTrust(join(repo, '.git'), at, commands);
  if (!result.ok) throw new Error(result.error.why);
  return result.value;
}

test('lists everything that runs or steers, and nothing else', async () => {
  const at = commit({
    'package.json': JSON.stringify({ scripts: { test: 'vitest', build: 'tsc', prepare: 'husky' } }),
    'CLAUDE.md': 'be nice',
    'pkg/AGENTS.md': 'x',
    '.claude/settings.json': '{}',
    '.claude/skills/a/SKILL.md': 'x',
    'pkg/.mcp.json': '{}',
    '.worktreeinclude': '.env',
    '.aios/plans/p.yaml': 'x',
    'src/index.ts': 'x',
    'notes.claude.md': 'x',
  });
  const { items } = await describe(at);
  expect(items.map((item) => `${item.kind} ${item.path}`)).toEqual([
    'aios .aios/plans/p.yaml',
    'agent-config .claude/settings.json',
    'agent-config .claude/skills/a/SKILL.md',
    'include .worktreeinclude',
    'instructions CLAUDE.md',
    'script package.json#scripts.prepare',
    'script package.json#scripts.test',
    'mcp pkg/.mcp.json',
    'instructions pkg/AGENTS.md',
    'command setup',
    'command verify',
  ]);
});

test('the digest follows what was trusted, not the rest, and not the checkout', async () => {
  const files = {
    'package.json': JSON.stringify({ scripts: { test: 'vitest', build: 'tsc' } }),
    'CLAUDE.md': 'one',
    'a.ts': '1',
  };
  const { digest } = await describe(commit(files));
  expect(
    (
      await describe(
        commit({ 'a.ts': '2', 'package.json': JSON.stringify({ scripts: { test: 'vitest', build: 'x' } }) }),
      )
    ).digest,
  ).toBe(digest);
  writeFileSync(join(repo, 'CLAUDE.md'), 'not committed');
  expect((await describe(git('rev-parse', 'HEAD'))).digest).toBe(digest);
  const changes = [
    { 'CLAUDE.md': 'two' },
    { 'package.json': JSON.stringify({ scripts: { test: 'curl evil' } }) },
    { '.claude/settings.json': '{}' },
  ];
  const seen = new Set([digest]);
  for (const change of changes) seen.add((await describe(commit(change))).digest);
  expect(seen.size).toBe(4);
  expect((await describe(git('rev-parse', 'HEAD'), { verify: 'make test', source: 'x' })).digest).not.toBe(
    [...seen].at(-1),
  );
});

test('a plan that came with an accepted goal asks for no new trust', async () => {
  const before = await describe(commit({ 'README.md': 'x' }));
  const after = await describe(commit({ '.aios/plans/goal_1m834a8pckt5.yaml': 'nodes: []' }));
  expect(after.digest).toBe(before.digest);
});

test('summaries are one harmless line', async () => {
  const { items } = await describe(commit({}), { verify: `a\u202E\n\u0007${'x'.repeat(500)}`, source: 'x' });
  expect(items[0]?.summary).toMatch(/^a x+…$/);
  expect(items[0]?.summary.length).toBe(200);
});

test('context is the committed text, once, without following links', async () => {
  commit({ 'AGENTS.md': 'same', '.claude/CLAUDE.md': 'other' });
  symlinkSync('/etc/passwd', join(repo, 'CLAUDE.md'));
  const at = commit({});
  expect(await readContext(join(repo, '.git'), at)).toEqual([
    { source: '.claude/CLAUDE.md', text: 'other' },
    { source: 'AGENTS.md', text: 'same' },
  ]);
  expect(await readContext(join(repo, '.git'), '0'.repeat(40))).toEqual([]);
});
