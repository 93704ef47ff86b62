import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporary } from './kit.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporary('desktop');

beforeAll(async () => {
  await run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], { cwd: ROOT });
  if (existsSync(join(ROOT, 'out', 'renderer', 'index.html'))) return;
  const page = ['node_modules/vite/bin/vite.js', 'build', '-c', 'renderer/vite.config.ts'];
  await run(process.execPath, page, { cwd: ROOT });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the shell as it is built brings the demo crew from first run to an accepted goal, in a stand-in of Electron', async () => {
  const entry = join(ROOT, 'out', 'electron', 'electron', 'index.js');
  const { stdout } = await run(process.execPath, [join(ROOT, 'tests', 'doubles', 'desktop-main.ts'), entry], {
    cwd: folder,
    env: { ...process.env, AIOS_HOME: join(folder, 'data') },
  });
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(result).toMatchObject({ accepted: 'accepted', exits: [] });
  expect(result.hosts).toBeGreaterThan(0);
  expect(result.notices).toContain('A goal is ready to accept');
});
