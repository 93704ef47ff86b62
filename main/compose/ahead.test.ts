import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { err, ok } from '#main/platform/result.ts';
import type { Snapshot } from '#protocol/contract/feed.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { emptySnapshot } from '#protocol/model/snapshot.ts';
import { type Ahead, startAhead } from './ahead.ts';
import { keepLastWorld, takeLastWorld } from './last-world.ts';

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

function begin(forPage = false): Ahead {
  const ahead = startAhead(home, forPage).take(home);
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
  const started = startAhead(home, false);
  expect(started.take(join(home, 'other'))).toBeUndefined();
  await started.end();
  expect(started.take(home)).toBeUndefined();
  expect(existsSync(join(home, 'journal.db'))).toBe(false);
});

const pageIn = (folder: string) => writeFile(join(folder, 'index.html'), '<!doctype html><title>AIOS</title>');

/** Starts for a page, and what whoever is let in is told. */
async function serveFirst(): Promise<{ ahead: Ahead; first: () => Promise<unknown>; origin: string; token: string }> {
  const ahead = begin(true);
  const served = await ahead.serve({ port: 0, renderer: home });
  if (!served.ok) throw new Error(served.error.what);
  const { origin, token } = served.value;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const first = async () => {
    const answer = await fetch(`${origin}/api/session`, { method: 'POST', headers, body: '{}' });
    return ((await answer.json()) as { readonly first: unknown }).first;
  };
  return { ahead, first, origin, token };
}

const LATER: Snapshot = { ...emptySnapshot(), sequence: 7, epoch: 1, texts: { t: 'Add due dates' } };

it('tells a page of a new folder that there is nothing, before its journal is open', async () => {
  await pageIn(home);
  const { ahead, first } = await serveFirst();
  expect(await first()).toEqual(emptySnapshot());
  expect(existsSync(join(home, 'journal.db'))).toBe(false);
  await ahead.drawn();
  expect((await ahead.journal.open()).lastSequence).toBe(0);
});

it('refuses a second start while the first owns the folder but has not opened its journal', async () => {
  await pageIn(home);
  await serveFirst();
  const owned = { ok: false, error: { tag: 'home-owned' } };
  expect(await begin(true).serve({ port: 0, renderer: home })).toMatchObject(owned);
  expect(await begin().serve({ port: 0, renderer: home })).toMatchObject(owned);
});

it('tells a page the world as the last start left it, once', async () => {
  await pageIn(home);
  const before = await serveFirst();
  await before.ahead.drawn();
  await before.ahead.journal.open();
  await keepLastWorld(home, home, LATER);
  await before.ahead.door()?.close();
  await before.ahead.journal.close();

  const again = await serveFirst();
  expect(await again.first()).toEqual(LATER);
  await again.ahead.door()?.close();
  await again.ahead.drawn();
  await again.ahead.journal.open();
  await again.ahead.journal.close();
  // That one did not end cleanly, as far as the folder tells: what was kept is no longer how things are.
  const third = await serveFirst();
  expect(await third.first()).toBeNull();
});

it('believes nothing that another build of the page has written, and nothing damaged', async () => {
  await pageIn(home);
  await writeFile(join(home, 'journal.db'), '');
  await keepLastWorld(home, home, LATER);
  await utimes(join(home, 'index.html'), 1, 1);
  expect(await takeLastWorld(home, home)).toBeNull();
  await writeFile(join(home, 'last-world.json'), 'torn');
  expect(await takeLastWorld(home, home)).toBeNull();
  expect(existsSync(join(home, 'last-world.json'))).toBe(false);
});

it('leaves the processor to a page until it connects', async () => {
  await pageIn(home);
  const { ahead, origin, token } = await serveFirst();
  expect(ahead.wasDrawn()).toBe(false);
  await fetch(`${origin}/`);
  await ahead.visited();
  const drawn = ahead.drawn();
  expect(existsSync(join(home, 'journal.db'))).toBe(false);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await drawn;
  expect(ahead.wasDrawn()).toBe(true);
  await ahead.journal.open();
  socket.terminate();
});
