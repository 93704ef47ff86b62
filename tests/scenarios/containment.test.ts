import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  crewFile,
  git,
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  state,
  temporary,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { acting, call, claimed, done, lastOf, say, shell, turnsOf, workspaceOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
  for (const folder of outside.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Folders no agent has business in; removed after each test. */
const outside: string[] = [];
function canaryOutside(name: string): string {
  const folder = temporary(name);
  outside.push(folder);
  return join(folder, 'canary');
}

/** A hash over every name, kind and content below a folder. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      const at = join(path, name);
      const stats = lstatSync(at);
      hash.update(`${at}\0${stats.mode}\0`);
      if (stats.isDirectory()) visit(at);
      else hash.update(stats.isSymbolicLink() ? readlinkSync(at) : readFileSync(at));
    }
  };
  visit(folder);
  return hash.digest('hex');
}

/** Everything an agent might do to get out, each as one shell line. */
function breakouts(repo: string, home: string, canary: string): string[] {
  const users = `git -C ${repo}`;
  return [
    `${users} config core.hooksPath /tmp/evil`,
    `${users} tag evil`,
    `${users} update-ref refs/heads/evil HEAD`,
    `${users} stash push -u`,
    `${users} checkout -b evil`,
    `${users} branch -D main`,
    `sh -c 'echo "#!/bin/sh" > ${repo}/.git/hooks/pre-commit'`,
    `sh -c 'echo evil >> ${repo}/.git/config'`,
    `sh -c 'echo evil >> ${repo}/README.md'`,
    `rm -rf ${repo}/.git`,
    `ln -s ${repo} way-out`,
    `sh -c 'for f in ${home}/journal.db ${home}/hubs/*/config ${home}/hubs/*/HEAD; do echo evil >> $f; done'`,
    `sh -c 'for w in ${home}/workspaces/*/*; do touch $w/evil; done'`,
    `rm -rf ${home}`,
    `sh -c 'echo evil > ${canary}'`,
    `sh -c 'echo evil >> ${homedir()}/.aios-evil'`,
    'git push origin HEAD:refs/heads/evil',
    "sh -c 'git config remote.origin.url; git push --force $(git config remote.origin.url) HEAD:refs/heads/main'",
    'sh -c \'for p in /proc/[0-9]*; do cat $p/environ; done | tr "\\0" "\\n" | grep -a sk-operator\'',
  ];
}

const ATTACKED = { 'README.md': '# Sample\n', 'a.txt': 'a\n' };

describe.runIf(process.platform === 'linux' && existsSync('/usr/bin/bwrap'))('inside the sandbox', () => {
  test('every command is allowed, and nothing outside the own workspace changes', async () => {
    const canary = canaryOutside('outside');
    const outputs: string[] = [];
    let lines: string[] = [];
    world = await openWorld('contain', {
      files: ATTACKED,
      model: (request) => {
        const turn = turnsOf(request);
        if (request.tools?.length && turn > 0) outputs.push(lastOf(request));
        const act = lines[turn];
        if (act !== undefined && request.tools?.length) return { blocks: [shell(act)] };
        if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
        return { blocks: [turn === lines.length ? write(request, 'work.md', 'done\n') : done()] };
      },
    });
    lines = breakouts(world.repo, world.home, canary);
    await git(world.repo, 'tag', 'v1');
    await writeFile(join(world.repo, 'a.txt'), 'stashed\n');
    await git(world.repo, 'stash', 'push', '--quiet');
    const users = fingerprint(world.repo);
    const first = await state(world, { crew: await permissive(world) });
    const second = await state(world, { crew: await permissive(world) });
    const hub = join(world.home, 'hubs');
    for (const goal of [first, second]) {
      const ended = await ready(world.operations, goal, 150_000);
      const attempt = present(Object.values(ended.attempts)[0]);
      const changed = value(await world.operations.goals.diff({ goal, attempt: attempt.id }, undefined)).diff;
      expect(changed).toContain('work.md');
      expect(changed).not.toContain('evil\n+');
    }
    expect(fingerprint(world.repo)).toBe(users);
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(join(homedir(), '.aios-evil'))).toBe(false);
    for (const name of readdirSync(hub)) {
      const refs = await git(world.repo, '--git-dir', join(hub, name), 'for-each-ref', '--format=%(refname)');
      expect(refs).not.toContain('evil');
      expect(readFileSync(join(hub, name, 'config'), 'utf8')).not.toContain('evil');
    }
    expect(outputs.join('\n')).not.toContain('sk-operator');
    // The journal still opens, and everything is in it.
    await world.restart();
    expect((await goalOf(world.operations, second)).status).toBe('ready');
  }, 240_000);
});

/** A crew that lets its Backend run everything without asking: only the sandbox is left. */
const permissive = (from: World) =>
  crewFile(from, [[/commands: \[npm test,/, 'commands: [git, sh, rm, ln, npm test,']]);

test('without a sandbox, what nobody declared is asked and never run', async () => {
  const canary = canaryOutside('nosandbox');
  const LINES = [
    `touch ${canary}`,
    `npm test && touch ${canary}`,
    `git -C /tmp init ${canary}`,
    `cat README.md > ${canary}`,
  ];
  world = await openWorld('policy', {
    files: ATTACKED,
    overrides: { sandbox: 'none' },
    model: acting([...LINES.map((line) => shell(line)), (request) => write(request, 'work.md', 'x\n'), done()]),
  });
  const users = fingerprint(world.repo);
  const goal = await state(world);
  for (const line of LINES) {
    const item = await waitFor(world.operations, goal, (each) => openItem(each, 'approval'));
    const texts = await textsIn(world.operations);
    expect(texts[item.detail?.id ?? '']).toBe(line);
    expect(existsSync(canary)).toBe(false);
    value(await world.operations.goals.answer({ goal, item: item.id, answer: 'deny', text: '' }, undefined));
  }
  await ready(world.operations, goal);
  expect(existsSync(canary)).toBe(false);
  expect(fingerprint(world.repo)).toBe(users);
}, 240_000);

test('files outside the workspace are neither read nor edited by tools', async () => {
  const told: string[] = [];
  world = await openWorld('tools', {
    model: (request) => {
      if (request.tools?.length && turnsOf(request) > 0) told.push(lastOf(request));
      return acting([
        call('Read', { file_path: '/etc/passwd' }),
        call('Write', { file_path: join(present(world).repo, 'README.md'), content: 'evil' }),
        (asked) => write(asked, '.git/hooks/pre-commit', 'evil'),
        (asked) => call('Write', { file_path: `${workspaceOf(asked)}/../../evil`, content: 'evil' }),
        (asked) => write(asked, 'work.md', 'x\n'),
        done(),
      ])(request);
    },
  });
  const users = fingerprint(world.repo);
  await ready(world.operations, await state(world));
  expect(told[0]).toMatch(/outside your workspace/);
  expect(told[0]).not.toContain('root:');
  expect(told[1]).toMatch(/outside your workspace/);
  expect(told[2]).toMatch(/git itself/);
  expect(told[3]).toMatch(/outside your workspace/);
  expect(fingerprint(world.repo)).toBe(users);
});

test('QA cannot change product code: the edit is refused, and a change made behind the tools fails the check', async () => {
  const told: string[] = [];
  world = await openWorld('qa', {
    verify: 'node --test',
    files: { 'package.json': '{"name":"x","type":"module"}', 'src/sum.js': 'export const sum = (a, b) => a + b;\n' },
    model: (request) => {
      if (request.tools?.length && turnsOf(request) > 0) told.push(lastOf(request));
      const sneaky =
        "import { writeFileSync } from 'node:fs';\nimport { test } from 'node:test';\ntest('x', () => { if (process.env.AIOS_SNEAK !== '0') writeFileSync('src/sum.js', 'evil'); });\n";
      return acting(
        [
          (asked) => call('Read', { file_path: `${workspaceOf(asked)}/src/sum.js` }),
          (asked) =>
            call('Edit', { file_path: `${workspaceOf(asked)}/src/sum.js`, old_string: 'a + b', new_string: 'a - b' }),
          (asked) => write(asked, 'test/sum.test.js', sneaky),
          shell('node --test'),
          done(),
        ],
        'I end here.',
      )(request);
    },
  });
  const goal = await state(world, { agent: 'qa' });
  const attempt = await waitFor(
    world.operations,
    goal,
    (each) => Object.values(each.attempts).find((one) => one.check?.result === 'failed'),
    90_000,
  );
  expect(told[1]).toMatch(/Your role may not edit src\/sum\.js/);
  const output = (await textsIn(world.operations))[attempt.check?.output?.id ?? ''];
  expect(output).toContain('Your role may not change these files');
  expect(output).toContain('src/sum.js');
  value(await world.operations.goals.stop({ goal }, undefined));
});
