import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDisk, freeBytes } from './disk.ts';
import { git, gitText } from './git.ts';
import { checkGit, checkVersion } from './git-version.ts';
import { must, tagOf } from './test-kit.ts';

test('knows which git is old enough, and which is there', async () => {
  expect(tagOf(checkVersion('git version 2.37.9'))).toBe('git-too-old');
  expect(must(checkVersion('git version 2.38.0.windows.1')).version).toBe('2.38.0');
  expect(must(checkVersion('git version 3.0.1')).version).toBe('3.0.1');
  expect((await checkGit()).ok).toBe(true);
});

test('a missing git, a missing folder, an error and a time limit are faults', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = join(tmpdir(), 'nothing-here');
  expect(tagOf(await checkGit())).toBe('git-missing');
  process.env['PATH'] = `.:${path}`;
  expect((await checkGit()).ok).toBe(true);
  process.env['PATH'] = path;
  expect(tagOf(await gitText(['status'], { gitDir: '/does/not/exist' }))).toBe('git-failed');
  expect(tagOf(await gitText(['rev-parse', 'HEAD'], { cwd: '/' }))).toBe('git-failed');
  mkdirSync(join(tmpdir(), 'aios-empty'), { recursive: true });
  const waiting = git(['cat-file', '--batch'], { gitDir: join(tmpdir(), 'aios-empty'), timeoutMs: 1 });
  expect(['git-timeout', 'git-failed', 'no fault']).toContain(tagOf(await waiting));
});

test('free space is asked of the nearest folder that exists', async () => {
  expect(must(await freeBytes(join(tmpdir(), 'a', 'b', 'c')))).toBeGreaterThan(0);
  expect(tagOf(await checkDisk(tmpdir(), Number.MAX_SAFE_INTEGER))).toBe('disk-low');
  expect((await checkDisk(tmpdir(), 1)).ok).toBe(true);
});
