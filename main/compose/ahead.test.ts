import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { type Ahead, startAhead } from './ahead.ts';

let home = '';
const opened: Ahead[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aios-ahead-'));
});
afterEach(async () => {
  for (const ahead of opened.splice(0)) {
    await ahead.door()?.close();
    await ahead.journal.close();
  }
  await rm(home, { recursive: true, force: true });
});

function begin(): Ahead {
  const ahead = startAhead(home).take(home);
  if (!ahead) throw new Error('nothing was started');
  opened.push(ahead);
  return ahead;
}

it('serves the page of the folder it owns, and of no other', async () => {
  const first = await begin().serve({ port: 0, renderer: null });
  expect(first.ok).toBe(true);
  const second = begin();
  expect(await second.serve({ port: 0, renderer: null })).toMatchObject({ ok: false, error: { tag: 'home-owned' } });
  expect(second.door()).toBeNull();
  expect(existsSync(join(home, 'server.json'))).toBe(true);
});

it('counts one start, however often its journal is opened until it was closed', async () => {
  const ahead = begin();
  await ahead.serve({ port: 0, renderer: null });
  const { epoch } = await ahead.journal.open();
  expect((await ahead.journal.open()).epoch).toBe(epoch);
  await ahead.journal.close();
  expect((await ahead.journal.open()).epoch).toBe(epoch + 1);
});

it('serves nothing and owns nothing when what must be done before fails', async () => {
  const fault = faultOf('page-not-built', 'No page.', 'It broke.', 'Try again.');
  const first = begin();
  expect(await first.serve({ port: 0, renderer: null, before: async () => err(fault) })).toEqual(err(fault));
  expect(first.door()).toBeNull();
  expect((await begin().serve({ port: 0, renderer: null, before: async () => ok(undefined) })).ok).toBe(true);
});

it('is for one orchestrator, and ends what nobody took', async () => {
  const started = startAhead(home);
  expect(started.take(join(home, 'other'))).toBeUndefined();
  await started.end();
  expect(started.take(home)).toBeUndefined();
  expect(existsSync(join(home, 'journal.db'))).toBe(false);
});
