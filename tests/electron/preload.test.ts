import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ipcRenderer, stage } from './stand-in.ts';

const posted: unknown[][] = [];
const activation = { isActive: true };
beforeAll(async () => {
  vi.stubGlobal('window', { postMessage: (...message: unknown[]) => void posted.push(message) });
  vi.stubGlobal('location', { origin: 'app://aios' });
  vi.stubGlobal('navigator', { userActivation: activation });
  await import('../../electron/preload.ts');
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => {
  posted.length = 0;
  stage.invoked = [];
  activation.isActive = true;
});

const call = (name: string, ...args: unknown[]) => (stage.bridge[name] as (...all: unknown[]) => unknown)(...args);

it('offers named functions only', () => {
  expect(Object.keys(stage.bridge).sort()).toEqual(['onCommand', 'onRoute', 'openExternal', 'pathOf', 'requestPort']);
  expect(Object.values(stage.bridge).every((each) => typeof each === 'function')).toBe(true);
});

it('hands a port to the page of its own origin, with the token it asked with', () => {
  call('requestPort', 'token-1');
  expect(stage.invoked).toEqual([['aios:port', 'token-1']]);
  const port = {};
  ipcRenderer.emit('aios:port', { ports: [port] }, 'token-1');
  expect(posted).toEqual([['token-1', 'app://aios', [port]]]);
});

it('opens addresses that somebody just clicked', async () => {
  expect(await call('openExternal', 'https://example.org')).toBe(true);
  activation.isActive = false;
  expect(await call('openExternal', 'https://example.org')).toBe(false);
  expect(stage.invoked).toEqual([['aios:open-external', 'https://example.org']]);
});

it('passes texts on, never the event, until it is told to stop', () => {
  const heard: unknown[][] = [];
  const stop = call('onRoute', (...all: unknown[]) => heard.push(all)) as () => void;
  ipcRenderer.emit('aios:route', { sender: 'secret' }, '#/inbox', 'more');
  stop();
  ipcRenderer.emit('aios:route', {}, '#/board');
  expect(heard).toEqual([['#/inbox']]);
});

it('knows the path of a dropped file', () => expect(call('pathOf', { path: '/work' })).toBe('/work'));
