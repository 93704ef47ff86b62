import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Decision, decide, type PolicyContext } from './decide.ts';
import { realPlace } from './paths.ts';

let root: string;
let context: PolicyContext;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'aios-policy-')));
  for (const folder of ['ws/src', 'ws/.git', 'other', 'hub']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'other/secret'), 'x');
  symlinkSync(join(root, 'other'), join(root, 'ws/link'));
  symlinkSync(join(root, 'nowhere/at/all'), join(root, 'ws/dangling'));
  symlinkSync(join(root, 'ws/src'), join(root, 'ws/inner'));
  context = {
    policy: {
      tools: ['read', 'search', 'edit', 'shell'],
      writable: ['src/**', 'docs', '*.md'],
      protected: ['src/generated', '**/.env*'],
      commands: ['npm test', 'git commit'],
      aiosTools: ['ask', 'recall'],
      deferred: ['ask'],
    },
    workspace: join(root, 'ws'),
    readable: [join(root, 'hub')],
    realPlace,
  };
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const edit = (path: string): Decision['kind'] => decide(context, { kind: 'edit', path }).kind;
const read = (path: string): Decision['kind'] => decide(context, { kind: 'read', path }).kind;
const shell = (command: string): Decision['kind'] =>
  decide(context, { kind: 'shell', command, background: false }).kind;

describe('edits', () => {
  it.each([
    'src/a.ts',
    'src/deep/er/a.ts',
    './src/a.ts',
    'docs/x/y.md',
    'README.md',
    'inner/a.ts',
    'src/.hidden',
    'src/../src/a.ts',
  ])('allows %s', (path) => expect(edit(path)).toBe('allow'));
  it.each([
    'package.json',
    'sub/README.md',
    'src/generated/a.ts',
    'src/Generated/a.ts',
    'src/.env',
    'src/.ENV.local',
    '../other/a',
    '/etc/passwd',
    'link/a',
    'link/../link/secret',
    'dangling',
    'dangling/x',
    '.git/config',
    'src/.git/hooks/x',
    '.GIT/config',
    '',
    '.',
    'src/\0',
  ])('denies %j', (path) => expect(edit(path)).toBe('deny'));
  it('allows an absolute path inside', () => expect(edit(join(root, 'ws/src/a.ts'))).toBe('allow'));
  it('names the reason', () => {
    const decision = decide(context, { kind: 'edit', path: 'package.json' });
    expect(decision.kind === 'deny' && decision.reason).toContain('package.json');
  });
});

describe('reads', () => {
  it('allows the workspace and what was made readable', () => {
    expect([read('src/a.ts'), read('.git/config'), read(join(root, 'hub/objects/x'))]).toEqual([
      'allow',
      'allow',
      'allow',
    ]);
  });
  it('denies the rest, also through a link', () => {
    expect([read('/etc/passwd'), read('link/secret'), read('../other/secret')]).toEqual(['deny', 'deny', 'deny']);
  });
});

describe('shell', () => {
  it.each([
    'npm test',
    'npm test -- x',
    'npm  test',
    '"npm" \'test\'',
    'npm test "a b"',
    'git commit -m "fix it"',
    'git status',
    'git diff --stat HEAD',
    'git log --oneline main..HEAD',
    'git show HEAD:src/a.ts',
    'ls',
    'ls -la src',
    'cat src/a.ts',
    'pwd',
  ])('runs %j', (command) => expect(shell(command)).toBe('allow'));
  it.each([
    'npm test && rm -rf .',
    'npm test; id',
    'npm test | sh',
    'npm test &',
    'npm test\nid',
    'npm test\r\nid',
    'npm test > x',
    'npm test < x',
    'npm test $(id)',
    'npm test `id`',
    'npm test "$(id)"',
    'npm test "`id`"',
    'npm test $HOME',
    'npm test *',
    'npm test {a,b}',
    'npm test ~',
    'npm test \\; id',
    'npm test # x',
    "npm test 'open",
    'FOO=1 npm test',
    'PATH=. npm test',
    'npm testing',
    'npm',
    'npm run build',
    'sudo npm test',
    '(npm test)',
    '',
    ' ',
    '""',
    'git -c core.pager=x log',
    'git diff --output=x',
    'git diff --outp=x',
    'git log --ext-diff',
    'git diff --no-index a b',
    'git diff /etc/passwd /etc/group',
    'git show -O/etc/passwd',
    'git push',
    'cat /etc/passwd',
    'cat link/secret',
    'cat ../other/secret',
    'ls ..',
    'ls -la/etc',
  ])('asks for %j', (command) => expect(shell(command)).toBe('ask'));
  it('refuses the background', () => {
    expect(decide(context, { kind: 'shell', command: 'npm test', background: true }).kind).toBe('deny');
  });
});

describe('what the CEO allowed', () => {
  const allowed = (pattern: string, line: string) => {
    const policy = { ...context.policy, commands: [pattern] };
    return decide({ ...context, policy }, { kind: 'shell', command: line, background: false }).kind;
  };
  it('is a beginning of simple commands', () => {
    expect(allowed('npm install', 'npm install lodash')).toBe('allow');
    expect(allowed('npm install lodash', 'npm install')).toBe('ask');
    expect(allowed('npm install', 'npm install; id')).toBe('ask');
  });
  it('is, where it is more than one simple command, that line alone', () => {
    expect(allowed('npm ci && npm test', 'npm ci && npm test')).toBe('allow');
    expect(allowed('npm ci && npm test', 'npm ci && npm test && id')).toBe('ask');
    expect(allowed('npm ci && npm test', 'npm ci')).toBe('ask');
    expect(allowed('', '')).toBe('ask');
  });
});

describe('tools', () => {
  it('lets AIOS tools of the role through, awaits deferred ones and denies the rest', () => {
    const aios = (tool: string) => decide(context, { kind: 'aios', tool }).kind;
    expect([aios('recall'), aios('ask'), aios('delegate_task'), aios('Ask')]).toEqual([
      'allow',
      'await',
      'deny',
      'deny',
    ]);
  });
  it('denies what the role does not have, and what nobody knows', () => {
    expect(decide(context, { kind: 'web' }).kind).toBe('deny');
    expect(decide(context, { kind: 'unknown', tool: 'CronCreate' }).kind).toBe('deny');
  });
});
