import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { login } from './agents.ts';
import type { DoctorWorld } from './check.ts';
import { CHECKS, runCheck, runDoctor } from './index.ts';
import { dataFolder, git, port } from './machine.ts';

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function world(extra: Partial<DoctorWorld> = {}): Promise<DoctorWorld> {
  const folder = await temporary();
  return {
    home: join(folder, 'data'),
    userHome: folder,
    env: {},
    platform: 'linux',
    port: 0,
    keyInSettings: false,
    ...extra,
  };
}

test('every check answers within its time, with something to do about what is not well', async () => {
  const findings = await runDoctor({ home: join(await temporary(), 'data') });
  expect(findings.map((finding) => finding.name)).toEqual(CHECKS.map((check) => check.name));
  for (const finding of findings)
    if (finding.state === 'broken' || finding.state === 'warning') expect(finding.next, finding.name).not.toBe('');
});

test('git is found', async () => {
  expect(await runCheck(git, await world())).toMatchObject({
    name: 'git',
    state: 'ok',
    detail: expect.stringMatching(/^git 2\./),
  });
});

test('a login is a key, a setting, or the file of a login; never its content', async () => {
  const none = await world();
  expect(await runCheck(login, none)).toMatchObject({ state: 'missing' });
  expect(await runCheck(login, { ...none, env: { ANTHROPIC_API_KEY: 'sk-secret' } })).toEqual({
    name: 'Login',
    state: 'ok',
    detail: 'ANTHROPIC_API_KEY is set.',
    next: '',
  });
  expect(await runCheck(login, { ...none, keyInSettings: true })).toMatchObject({ state: 'ok' });
  await mkdir(join(none.userHome, '.claude'));
  await writeFile(join(none.userHome, '.claude', '.credentials.json'), 'secret', { mode: 0o000 });
  expect(await runCheck(login, none)).toMatchObject({ state: 'ok' });
});

test('a data folder others can read is a warning', async () => {
  const here = await world();
  expect(await runCheck(dataFolder, here)).toMatchObject({ state: 'ok' });
  await chmod(here.home, 0o755);
  expect(await runCheck(dataFolder, here)).toMatchObject({ state: 'warning', next: `chmod 700 ${here.home}` });
});

test('a taken port is broken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  expect(await runCheck(port, await world({ port: taken }))).toMatchObject({ state: 'broken' });
  server.close();
});

test('a check that never answers is cut, one that throws is told', async () => {
  const here = await world();
  const forever = { name: 'forever', timeoutMs: 10, run: () => new Promise<never>(() => {}) };
  expect(await runCheck(forever, here)).toMatchObject({ state: 'warning', detail: 'No answer within 10 ms.' });
  const thrower = { name: 'thrower', timeoutMs: 10, run: () => Promise.reject(new Error('oops')) };
  expect(await runCheck(thrower, here)).toMatchObject({ state: 'warning' });
});
