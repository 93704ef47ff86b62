import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isBuilt } from './built.ts';
import { findDesktop } from './desktop.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aios-desktop-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function install(binary: boolean): string {
  const folder = join(root, 'node_modules', 'electron');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'path.txt'), 'electron');
  if (binary) writeFileSync(join(folder, 'dist', 'electron'), '');
  return join(folder, 'dist', 'electron');
}

it('finds the program where it lies, and a display of either kind', () => {
  const program = install(true);
  expect(findDesktop(root, { DISPLAY: ':0' }, 'linux')).toEqual({ found: true, program });
  expect(findDesktop(root, { WAYLAND_DISPLAY: 'w' }, 'linux')).toEqual({ found: true, program });
  expect(findDesktop(root, {}, 'darwin')).toEqual({ found: true, program });
});

it.each([
  ['Electron’s binary', false, { DISPLAY: ':0' }],
  ['a display', true, {}],
  ['Electron’s binary and a display', false, {}],
])('says in one line that %s is missing', (missing, binary, env) => {
  install(binary);
  const why = `Without ${missing} the control center is served to your browser.`;
  expect(findDesktop(root, env, 'linux')).toEqual({ found: false, why });
});

it('takes a package that was never run for what it is: without its binary', () => {
  expect(findDesktop(root, { DISPLAY: ':0' }, 'linux')).toMatchObject({ found: false });
});

it('builds again what is older than its sources', async () => {
  const built = join(root, 'index.html');
  const source = join(root, 'renderer', 'deep', 'main.tsx');
  mkdirSync(join(root, 'renderer', 'deep'), { recursive: true });
  writeFileSync(source, '');
  expect(await isBuilt(built, [join(root, 'renderer')])).toBe(false);
  writeFileSync(built, '');
  utimesSync(source, 1_000, 1_000);
  expect(await isBuilt(built, [join(root, 'renderer')])).toBe(true);
  utimesSync(source, 4_000_000_000, 4_000_000_000);
  expect(await isBuilt(built, [join(root, 'renderer')])).toBe(false);
});
