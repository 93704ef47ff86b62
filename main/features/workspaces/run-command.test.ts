import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test, vi } from 'vitest';
import { findMarked, footprintOf, killMarked } from '#main/platform/process-tree.ts';
import { type CommandRequest, runCommand } from './run-command.ts';

vi.setConfig({ testTimeout: 60_000 });

let count = 0;
function request(command: string, more: Partial<CommandRequest> = {}): CommandRequest {
  count += 1;
  const marker = { name: 'AIOS_TEST_RUN', value: `${process.pid}-${count}` };
  return {
    command,
    cwd: tmpdir(),
    env: { HOME: tmpdir() },
    timeoutMs: 30_000,
    outputLimit: 1000,
    marker,
    ...more,
  };
}

async function alive(value: string): Promise<number> {
  return (await findMarked('AIOS_TEST_RUN')).filter((each) => each.value === value).length;
}

test('gives the exit code and both streams in order, in an environment built from nothing', async () => {
  const outcome = await runCommand(request('echo out; echo err >&2; env | grep -c VITEST; exit 3'));
  expect(outcome).toMatchObject({
    exitCode: 3,
    timedOut: false,
    aborted: false,
    survivors: 0,
    output: 'out\nerr\n0\n',
  });
});

test('keeps the end of a long output', async () => {
  const outcome = await runCommand(
    request('i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done', { outputLimit: 100 }),
  );
  expect(outcome.truncated).toBe(true);
  expect(outcome.output.endsWith('line 2999\n')).toBe(true);
  expect(outcome.output).toHaveLength(100);
});

test('a hanging command with daemonised grandchildren ends timed out and nothing of it is left', async () => {
  const hanging = request(
    'setsid sleep 1000 & setsid sh -c "sleep 1001 & sleep 1002" >/dev/null 2>&1 & trap "" TERM; sleep 1003',
    {
      timeoutMs: 500,
    },
  );
  const outcome = await runCommand(hanging);
  expect(outcome).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGKILL', survivors: 0 });
  expect(await alive(hanging.marker.value)).toBe(0);
});

test('a background process that holds the output neither delays the end nor survives it', async () => {
  const daemon = request('setsid sleep 1000 & echo done');
  expect(await runCommand(daemon)).toMatchObject({ exitCode: 0, output: 'done\n', survivors: 0 });
  expect(await alive(daemon.marker.value)).toBe(0);
});

test('an abort ends it; a folder that is not there is an outcome, not an exception', async () => {
  const controller = new AbortController();
  const running = runCommand(request('sleep 1000', { signal: controller.signal }));
  controller.abort();
  expect(await running).toMatchObject({ aborted: true, timedOut: false, signal: 'SIGKILL' });
  expect(await runCommand(request('true', { cwd: '/does/not/exist' }))).toMatchObject({ exitCode: null });
});

test('marked processes are found, measured and killed by value alone, children without the marker included', async () => {
  const start = (value: string) =>
    spawn('/bin/sh', ['-c', 'env -i /bin/sleep 1000 & wait'], {
      env: { AIOS_TEST_RUN: value, PATH: process.env['PATH'] ?? '' },
      detached: true,
      stdio: 'ignore',
    });
  const [one, two] = [`one-${process.pid}`, `two-${process.pid}`];
  start(one);
  const other = start(two);
  await vi.waitUntil(async () => (await alive(one)) > 0 && (await alive(two)) > 0);
  const found = (await findMarked('AIOS_TEST_RUN')).filter((each) => each.value === one);
  expect((await footprintOf(found.map((each) => each.pid))).residentBytes).toBeGreaterThan(0);
  expect(await killMarked('AIOS_TEST_RUN', [one], 5000)).toBe(0);
  expect(other.exitCode).toBeNull();
  expect(await alive(two)).toBeGreaterThan(0);
  expect(await killMarked('AIOS_TEST_RUN', [two], 5000)).toBe(0);
});
