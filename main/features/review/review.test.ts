import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { folderReader } from '#main/features/projects/index.ts';
import { ensureHub, openGoalBranch } from '#main/features/workspaces/index.ts';
import { must, type Playground, playground, put, rawGit, read, tagOf } from '#main/features/workspaces/test-kit.ts';
import { commentBody } from './comment.ts';
import { devCommand } from './dev-command.ts';
import { openInEditor } from './editor.ts';
import { type Offer, offerPullRequest } from './pull-request.ts';
import { compareUrl, webRemoteOf, withoutCredentials } from './remote.ts';

const grounds: Playground[] = [];
afterEach(() => {
  for (const ground of grounds.splice(0)) ground.remove();
});
function ground(files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }): Playground {
  const made = playground(files);
  grounds.push(made);
  return made;
}

/** A stand-in for a program of the user: writes what it was given, then says something. */
function double(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n# test double of ${name}\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

describe('web addresses of remotes', () => {
  it.each([
    ['git@github.com:acme/todo.git', 'https://github.com/acme/todo/compare/main...aios/x%23y?expand=1'],
    ['https://user:secret@github.com/acme/todo', 'https://github.com/acme/todo/compare/main...aios/x%23y?expand=1'],
    ['ssh://git@codeberg.org:22/acme/todo.git', 'https://codeberg.org/acme/todo/compare/main...aios/x%23y'],
    [
      'https://bitbucket.org/acme/todo.git',
      'https://bitbucket.org/acme/todo/pull-requests/new?source=aios%2Fx%23y&dest=main',
    ],
    [
      'git@gitlab.com:group/sub/todo.git',
      'https://gitlab.com/group/sub/todo/-/merge_requests/new?merge_request%5Bsource_branch%5D=aios%2Fx%23y&merge_request%5Btarget_branch%5D=main',
    ],
    ['git@git.example.org:acme/todo.git', null],
  ])('%s', (address, url) => {
    const remote = webRemoteOf(address);
    expect(remote && compareUrl(remote, 'main', 'aios/x#y')).toBe(url);
  });

  it.each(['/srv/git/todo.git', 'C:/git/todo', 'file:///srv/todo', 'javascript:alert(1)', 'https://github.com/'])(
    'knows no page for %s',
    (address) => expect(webRemoteOf(address)).toBeNull(),
  );

  it('says no credentials', () => {
    expect(withoutCredentials('fatal: https://me:tok@h/x and ssh://u@h/y')).toBe('fatal: https://h/x and ssh://h/y');
  });
});

describe.skipIf(process.platform === 'win32')('a pull request', () => {
  async function offered(remote: string, gh: string | null, env: Record<string, string> = {}) {
    const on = ground();
    const head = rawGit(on.user, 'rev-parse', 'HEAD');
    must(await ensureHub(on.hub, on.repository));
    must(await openGoalBranch(on.hub, 'refs/heads/aios/goal', head));
    const bare = join(on.root, 'remote.git');
    rawGit(on.root, 'init', '-q', '--bare', bare);
    rawGit(on.user, 'remote', 'add', 'origin', remote);
    rawGit(on.user, 'config', `url.${bare}.insteadOf`, remote);
    writeFileSync(join(on.user, '.git/hooks/pre-push'), `#!/bin/sh\ntouch ${on.root}/hook-ran\n`, { mode: 0o755 });
    if (gh !== null) double(join(on.root, 'bin'), 'gh', `printf '%s\\n' "$@" > ${on.root}/gh-args\n${gh}`);
    const path = gh === null ? '/usr/bin:/bin' : `${on.root}/bin:/usr/bin:/bin`;
    const { repository, hub } = on;
    const offer: Offer = {
      repository,
      hub,
      branch: 'aios/goal',
      target: 'main',
      title: '--title; $(touch x)',
      body: 'Body',
      env: { PATH: path, HOME: on.root, SOME_API_KEY: 'k', ...env },
    };
    return { on, bare, head, result: await offerPullRequest(offer) };
  }

  it('is opened by gh after a push, without a shell and without hooks', async () => {
    const { on, bare, head, result } = await offered(
      'https://github.com/acme/todo.git',
      '[ -z "$SOME_API_KEY" ] && echo https://github.com/acme/todo/pull/7',
    );
    expect(must(result)).toEqual({
      kind: 'opened',
      url: 'https://github.com/acme/todo/pull/7',
      command: null,
      detail: '',
    });
    expect(rawGit(bare, 'rev-parse', 'refs/heads/aios/goal')).toBe(head);
    expect(read(on.root, 'gh-args').split('\n')).toContain('--title=--title; $(touch x)');
    expect(() => read(on.root, 'hook-ran')).toThrow();
    expect(rawGit(on.user, 'status', '--porcelain')).toBe('');
  });

  it('names the one that exists, and says what to do where gh cannot', async () => {
    const there = await offered(
      'git@github.com:acme/todo.git',
      'echo "a pull request for branch already exists: https://github.com/acme/todo/pull/3" >&2; exit 1',
    );
    expect(must(there.result)).toMatchObject({ kind: 'opened', url: 'https://github.com/acme/todo/pull/3' });
    const { result } = await offered('git@github.com:acme/todo.git', 'echo "no login at https://x:y@h/" >&2; exit 4');
    expect(must(result)).toMatchObject({ kind: 'manual', url: expect.stringContaining('/compare/main...aios/goal') });
    expect(must(result).detail).toContain('no login at https://h/');
  });

  it('pushes nothing without gh, and says the command', async () => {
    const { on, bare, result } = await offered('git@gitlab.com:acme/todo.git', null);
    expect(must(result)).toMatchObject({ kind: 'manual', command: `git -C '${on.user}' push origin 'aios/goal'` });
    expect(rawGit(bare, 'for-each-ref')).toBe('');
    expect(rawGit(on.user, 'for-each-ref', 'refs/heads/aios')).toContain('aios/goal');
  });

  it('says why a push was refused', async () => {
    const { on, bare } = await offered('git@github.com:acme/todo.git', null);
    double(join(on.root, 'bin'), 'gh', 'exit 1');
    rawGit(bare, 'config', 'receive.denyCurrentBranch', 'refuse');
    writeFileSync(join(bare, 'hooks', 'pre-receive'), '#!/bin/sh\necho not today >&2\nexit 1\n', { mode: 0o755 });
    const refused = await offerPullRequest({
      repository: on.repository,
      hub: on.hub,
      branch: 'aios/goal',
      target: 'main',
      title: 't',
      body: 'b',
      env: { PATH: `${on.root}/bin:/usr/bin:/bin`, HOME: on.root },
    });
    expect(tagOf(refused)).toBe('push-failed');
    expect(!refused.ok && refused.error.why).toContain('not today');
  });
});

describe('a line comment', () => {
  const diff = '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n-two\n+```\n three\n@@ -9,1 +9,1 @@\n-a\n+b\n';

  it('quotes the line and what is around it, in a fence nothing closes', () => {
    const body = commentBody(diff, { path: 'x', line: 2, side: 'new' }, 'Why?');
    expect(body).toContain('````diff\n  one\n -two\n>+```\n  three\n````');
    expect(body.endsWith('The CEO says:\n\nWhy?')).toBe(true);
    expect(commentBody(diff, { path: 'x', line: 9, side: 'old' }, 'Why?')).toContain('>-a\n +b');
  });

  it('says the place alone where no hunk shows it', () => {
    expect(commentBody(diff, { path: 'x', line: 500, side: 'new' }, 'Why?')).not.toContain('```');
  });
});

describe('the command that runs an app', () => {
  const commandIn = async (files: Record<string, string>) => {
    const on = ground();
    put(on.user, files);
    const found = await devCommand(folderReader(on.user), 4321);
    return found.ok ? found.value : found.error.tag;
  };
  const scripts = (dev: string) => ({ 'package.json': JSON.stringify({ scripts: { dev } }) });

  it('is the project’s own, told the port the way its server hears it', async () => {
    expect(await commandIn(scripts('node server.js'))).toBe('npm run dev');
    expect(await commandIn(scripts('vite'))).toBe('npm run dev -- --port 4321 --strictPort --host 127.0.0.1');
    expect(await commandIn({ ...scripts('next dev'), 'pnpm-lock.yaml': '' })).toBe('pnpm run dev -p 4321 -H 127.0.0.1');
    expect(await commandIn({ 'manage.py': '' })).toContain('runserver 127.0.0.1:4321');
    expect(await commandIn({ 'package.json': '{' })).toBe('no-dev-command');
  });
});

describe.skipIf(process.platform === 'win32')('the editor', () => {
  it('gets the file and the line as arguments, never through a shell', async () => {
    const on = ground({ 'a b.txt': 'x\n' });
    const bin = join(on.root, 'bin');
    double(bin, 'code', `printf '%s\\n' "$@" > ${on.root}/args.new; mv ${on.root}/args.new ${on.root}/args`);
    const env = { PATH: `${bin}:/usr/bin:/bin`, EDITOR: 'vi' };
    must(await openInEditor({ folder: on.user, path: 'a b.txt', line: 3 }, '', env));
    await expect.poll(() => tryRead(on.root)).toBe(`${on.user}\n-g\n${join(on.user, 'a b.txt')}:3\n`);
  });

  it('is refused plainly: none there, no such file, a link that leads out', async () => {
    const on = ground({ 'a.txt': 'x\n' });
    rawGit(on.user, 'config', 'x.y', 'z');
    const env = { PATH: '/nowhere' };
    const { symlinkSync } = await import('node:fs');
    symlinkSync('/etc/passwd', join(on.user, 'link'));
    const open = async (path: string, set = '') => tagOf(await openInEditor({ folder: on.user, path }, set, env));
    expect(await open('a.txt')).toBe('no-editor');
    expect(await open('a.txt', 'emacs-none -nw')).toBe('no-editor');
    expect(await open('none.txt')).toBe('no-such-file');
    expect(await open('link')).toBe('no-such-file');
    expect(await open('../x')).toBe('bad-path');
  });
});

function tryRead(folder: string): string {
  try {
    return read(folder, 'args');
  } catch {
    return '';
  }
}
