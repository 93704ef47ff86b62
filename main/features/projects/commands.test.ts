import { expect, test } from 'vitest';
import { detectCommands } from './commands.ts';
import { scriptsUsedBy } from './scripts.ts';

const manifest = (content: object) => JSON.stringify(content);
const PLACEHOLDER = 'echo "Error: no test specified" && exit 1';

test.each<[string, Record<string, string>, object]>([
  ['an empty project', {}, { source: 'none' }],
  [
    'npm with a lock',
    {
      'package.json': manifest({ scripts: { test: 'vitest' }, devDependencies: { vitest: '5' } }),
      'package-lock.json': '{}',
    },
    { setup: 'npm ci', verify: 'npm test', source: 'package.json' },
  ],
  [
    'npm without dependencies',
    { 'package.json': manifest({ scripts: { test: 'node --test' } }) },
    { verify: 'npm test', source: 'package.json' },
  ],
  [
    'the placeholder of npm init',
    { 'package.json': manifest({ scripts: { test: PLACEHOLDER }, dependencies: { a: '1' } }) },
    { setup: 'npm install', source: 'package.json' },
  ],
  [
    'pnpm',
    { 'package.json': manifest({ scripts: { test: 't' }, dependencies: { a: '1' } }), 'pnpm-lock.yaml': '' },
    { setup: 'pnpm install --frozen-lockfile', verify: 'pnpm test', source: 'package.json' },
  ],
  [
    'yarn',
    { 'package.json': manifest({ scripts: { test: 't' }, dependencies: { a: '1' } }), 'yarn.lock': '' },
    { setup: 'yarn install --frozen-lockfile', verify: 'yarn test', source: 'package.json' },
  ],
  ['a broken manifest', { 'package.json': '{', 'go.mod': 'module x' }, { verify: 'go test ./...', source: 'go.mod' }],
  ['scripts of a wrong type', { 'package.json': manifest({ scripts: ['x'] }) }, { source: 'package.json' }],
  ['cargo', { 'Cargo.toml': '' }, { verify: 'cargo test', source: 'Cargo.toml' }],
  [
    'pytest',
    { 'pyproject.toml': '[tool.pytest.ini_options]\n' },
    { verify: 'python3 -m pytest', source: 'pyproject.toml' },
  ],
  ['python without pytest', { 'pyproject.toml': '[project]\n' }, { source: 'none' }],
  ['make', { Makefile: 'all:\n\ntest: all\n\ttrue\n' }, { verify: 'make test', source: 'Makefile' }],
  ['make with a variable called test', { Makefile: 'test := 1\n' }, { source: 'none' }],
  [
    'packages set up, make verifies',
    { 'package.json': manifest({ dependencies: { a: '1' } }), Makefile: 'test:\n' },
    { setup: 'npm install', verify: 'make test', source: 'Makefile' },
  ],
])('%s', async (_, files, expected) => {
  expect(await detectCommands(async (path) => files[path] ?? null)).toEqual(expected);
});

test('follows scripts through other scripts, hooks and installs, once each', () => {
  const scripts = {
    test: 'npm run lint && vitest',
    pretest: 'node gen.js',
    lint: 'biome',
    unused: 'rm -rf /',
    postinstall: 'node p.js',
    loop: 'npm run loop',
  };
  const used = scriptsUsedBy(JSON.stringify({ scripts }), {
    setup: 'npm ci',
    verify: 'npm test && npm run loop',
    source: 'x',
  });
  expect([...used.keys()].sort()).toEqual(['lint', 'loop', 'postinstall', 'pretest', 'test']);
});
