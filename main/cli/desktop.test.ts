import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
