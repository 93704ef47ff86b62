import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Right, serveIpc } from '../../electron/ipc.ts';
import { freshElectron, invoke, sender } from './kit.ts';

freshElectron();

const KNOWN = new Set([7, 8]);
const ALL: ReadonlySet<Right> = new Set(['orchestrate', 'leave']);

function serve() {
  const calls: unknown[] = [];
  serveIpc(
    {
      'aios:port': (_, token) => void calls.push(token),
      'aios:open-external': (_, url) => void calls.push(url),
    },
    (id) => (id === 7 ? ALL : new Set()),
    KNOWN,
  );
  return calls;
}

it('answers the outermost frame of a page of ours', async () => {
  const calls = serve();
  const token = randomUUID();
  await invoke('aios:port', sender(7), token);
  await invoke('aios:open-external', sender(7), 'https://example.org');
  expect(calls).toEqual([token, 'https://example.org']);
});

it.each([
  ['a frame that is gone', sender(7, null)],
  ['a frame inside the page', sender(7, { parent: {} })],
  ['another origin', sender(7, { url: 'https://example.org/' })],
  ['an origin that looks like ours', sender(7, { url: 'app://aios.example.org/' })],
  ['a page that did not load', sender(7, { url: '' })],
  ['a window that is not known', sender(99)],
  ['a window without the right', sender(8)],
])('refuses %s', async (_, event) => {
  const calls = serve();
  await expect(invoke('aios:port', event, randomUUID())).rejects.toThrow(/may not ask|no right/);
  expect(calls).toEqual([]);
});

it.each([
  ['no token', []],
  ['a token that is none', ['x']],
  ['more than was asked for', [randomUUID(), 'more']],
  ['an object', [{ toString: () => randomUUID() }]],
])('refuses %s', async (_, args) => {
  const calls = serve();
  await expect(invoke('aios:port', sender(7), ...args)).rejects.toThrow('not what is asked');
  expect(calls).toEqual([]);
});
