import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBrought } from './brought.ts';

let repo: string;
beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'aios-brought-'));
  git('init', '-q');
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

function git(...args: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: repo };
  const all = ['-c', 'user.name=a', '-c', 'user.email=b', ...args];
  return execFileSync('git', all, { cwd: repo, env, encoding: 'utf8' }).trim();
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
}

function commit(): string {
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD');
}

const read = (at: string, skills = true, mcpServers = true) =>
  readBrought(join(repo, '.git'), at, { skills, mcpServers });

test('reads what the commit holds, whatever was changed since, and follows no link', async () => {
  put('.mcp.json', JSON.stringify({ mcpServers: { notes: { command: 'node' } } }));
  put('.claude/skills/greet/SKILL.md', 'Say hello.');
  put('.claude/skills/greet/more/words.md', 'hello, good day');
  mkdirSync(join(repo, '.claude/skills/linked'), { recursive: true });
  symlinkSync('/etc/passwd', join(repo, '.claude/skills/linked/SKILL.md'));
  const at = commit();
  put('.claude/skills/greet/SKILL.md', 'Say goodbye.');
  commit();
  const { mcpServers, skills, leftOut } = await read(at);
  expect(Object.keys(mcpServers)).toEqual(['notes']);
  expect(skills).toEqual([
    {
      name: 'greet',
      files: [
        { path: 'SKILL.md', text: 'Say hello.' },
        { path: 'more/words.md', text: 'hello, good day' },
      ],
    },
  ]);
  expect(leftOut).toEqual([]);
});

test('names what the crew file does not load, and skills that are none', async () => {
  put('.mcp.json', JSON.stringify({ mcpServers: { notes: { command: 'node' } } }));
  put('.claude/skills/greet/SKILL.md', 'Say hello.');
  put('.claude/skills/headless/words.md', 'x');
  put('.claude/skills/huge/SKILL.md', 'x'.repeat(200_000));
  put('.claude/skills/odd name/SKILL.md', 'x');
  const at = commit();
  expect((await read(at, false, false)).leftOut.map(({ what }) => what)).toEqual(['MCP server notes', 'skill greet']);
  const { skills, leftOut } = await read(at);
  expect(skills.map(({ name }) => name)).toEqual(['greet']);
  expect(leftOut.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'skill headless: it has no SKILL.md',
    'skill huge: its files are longer than 128 Ki together',
    'skill odd name: its name has other marks than letters, digits, dots and dashes',
  ]);
});

test('a repository that brings nothing brings nothing', async () => {
  expect(await read(commit())).toEqual({ mcpServers: {}, skills: [], leftOut: [] });
});
