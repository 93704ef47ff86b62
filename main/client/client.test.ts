import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { serverFileOf } from '#main/server/http/index.ts';
import { createFake, serveFake, statedGoal, TEST_FAULT } from '#main/server/http/test-support.ts';
import type { World } from '#protocol/model/world.ts';
import { attach, follow } from './index.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function attached() {
  const fake = createFake();
  const served = await serveFake(fake);
  closers.push(served.close);
  const client = await attach(served.home);
  if (!client.ok) throw new Error(client.error.why);
  return { fake, served, client: client.value };
}

test('operations cross the wire, expected failures as values', async () => {
  const { fake, client } = await attached();
  expect(await client.operations.goals.stop({ goal: 'goal_1' }, undefined)).toEqual({
    ok: true,
    value: { sequence: 0 },
  });
  fake.fail('stop', TEST_FAULT);
  expect(await client.operations.goals.stop({ goal: 'goal_1' }, undefined)).toEqual({ ok: false, error: TEST_FAULT });
  expect(await client.operations.goals.stop({ goal: '' }, undefined)).toMatchObject({
    ok: false,
    error: { tag: 'bad-request' },
  });
  expect(await client.loginLink()).toMatchObject({ ok: true, value: expect.stringContaining('/login#') });
});

test('follows events with their texts, also from before', async () => {
  const { fake, client } = await attached();
  fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  const worlds: World[] = [];
  const stop = new AbortController();
  const done = follow(client.operations, { onWorld: (world) => worlds.push(world) }, stop.signal);
  await expect.poll(() => worlds.length).toBeGreaterThan(0);
  fake.publish('goal/goal_1', { type: 'goal.paused', by: 'ceo' }, { x: 'more' });
  await expect.poll(() => worlds.at(-1)?.goals['goal_1']?.paused).toBe(true);
  expect(worlds.at(-1)?.texts).toEqual({ t: 'Add due dates', x: 'more' });
  stop.abort();
  expect(await done).toEqual({ ok: true, value: undefined });
});

test('a lost server is a fault, for calls and for followers', async () => {
  const { served, client } = await attached();
  const done = follow(client.operations, { onWorld: () => void served.server.close() }, new AbortController().signal);
  expect(await done).toMatchObject({ ok: false });
  expect(await client.operations.system.info(undefined, undefined)).toMatchObject({
    ok: false,
    error: { tag: 'connection-lost' },
  });
});

test('nothing running, a dead process and a file others can read are told apart', async () => {
  const home = await mkdtemp(join(tmpdir(), 'aios-attach-'));
  closers.push(() => rm(home, { recursive: true, force: true }));
  expect(await attach(home)).toMatchObject({ ok: false, error: { tag: 'not-running' } });
  const content = { origin: 'http://127.0.0.1:9', token: 'x'.repeat(43), pid: 2 ** 30, startedAt: 1 };
  await writeFile(serverFileOf(home), JSON.stringify(content), { mode: 0o600 });
  expect(await attach(home)).toMatchObject({ ok: false, error: { tag: 'not-running' } });
  await writeFile(serverFileOf(home), JSON.stringify({ ...content, pid: process.pid }));
  expect(await attach(home)).toMatchObject({ ok: false, error: { tag: 'cannot-attach' } });
  await chmod(serverFileOf(home), 0o644);
  expect(await attach(home)).toMatchObject({
    ok: false,
    error: { tag: 'cannot-attach', why: expect.stringContaining('only yours') },
  });
});
