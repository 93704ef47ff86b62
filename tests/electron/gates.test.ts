import { describe, expect, it } from 'vitest';
import { isOurs } from '../../electron/app-scheme.ts';
import { guardDefaultSession, guardEverything } from '../../electron/guards.ts';
import { judgeAddress, openExternal } from '../../electron/open-external.ts';
import { freshElectron } from './kit.ts';
import { app, BrowserWindow, preventable, session, stage } from './stand-in.ts';

freshElectron();

const CLOSED = [
  'javascript:alert(1)',
  'file:///etc/passwd',
  'mailto:a@example.org',
  'vscode://file/x',
  'http://example.org/',
  'http://127.0.0.1.example.org/',
  'https://user:secret@example.org/',
  'http://u@127.0.0.1:3000/',
  `https://example.org/${'a'.repeat(2_048)}`,
  '//example.org',
  '',
];

describe('addresses leave through one gate', () => {
  it.each(CLOSED)('%.60s stays inside, and nobody is asked', async (address) => {
    expect(judgeAddress(address)).toBeNull();
    expect(await openExternal(address)).toBe(false);
    expect([stage.asked, stage.opened]).toEqual([[], []]);
  });

  it('shows the host before it opens, and takes no for an answer', async () => {
    stage.answers = [0, 1];
    expect(await openExternal('https://example.org/a?b#c')).toBe(true);
    expect(await openExternal('https://other.example/')).toBe(false);
    expect(stage.asked.map(({ message }) => message)).toEqual([
      'Open example.org in your browser?',
      'Open other.example in your browser?',
    ]);
    expect(stage.opened).toEqual(['https://example.org/a?b#c']);
  });

  it('opens an app that runs on this machine', async () => {
    for (const host of ['127.0.0.1:3000', 'localhost:5173', '[::1]:80'])
      expect(await openExternal(`http://${host}/`)).toBe(true);
    expect(stage.opened).toHaveLength(3);
  });

  it('is the same gate for a window that the page wants to open', async () => {
    guardEverything(openExternal);
    const { webContents } = new BrowserWindow({});
    stage.answers = [0];
    expect(webContents.windowOpen({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
    expect(webContents.windowOpen({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    await expect.poll(() => stage.opened).toEqual(['https://example.org/']);
  });
});

describe('pages stay where they are', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s goes to our own page only', (name) => {
    guardEverything(openExternal);
    const { webContents } = new BrowserWindow({});
    const went = (url: string) => {
      const event = preventable({ url });
      webContents.emit(name, event);
      return !event.prevented;
    };
    expect(went('app://aios/#/inbox')).toBe(true);
    for (const url of ['https://example.org/', 'file:///tmp/x', 'app://other/', 'app://aios@evil/', 'data:text/html,x'])
      expect(went(url)).toBe(false);
  });

  it('attaches no webview', () => {
    guardEverything(openExternal);
    const event = preventable();
    new BrowserWindow({}).webContents.emit('will-attach-webview', event);
    expect(event.prevented).toBe(true);
  });

  it.each(['app://aios', 'app://aios/x'])('%s is ours', (url) => expect(isOurs(url)).toBe(true));
  it.each(['app://aios.evil/', 'app://aios:1/', 'http://aios/', 'app:aios', 'about:blank', ''])('%s is not', (url) =>
    expect(isOurs(url)).toBe(false),
  );
});

describe('permissions', () => {
  const asked = (target: typeof session.defaultSession, permission: string, origin: string) => {
    let granted: boolean | null = null;
    const grant = (value: boolean) => {
      granted = value;
    };
    const call = (handler: unknown, ...args: unknown[]) => (handler as (...all: unknown[]) => unknown)(...args);
    call(target.request, null, permission, grant, { requestingUrl: `${origin}/` });
    return { granted, checked: call(target.check, null, permission, origin, {}), device: call(target.device, {}) };
  };

  it('are denied on every session but for two, and those to our page alone', () => {
    guardEverything(openExternal);
    guardDefaultSession();
    const other = session.create();
    app.emit('session-created', other);
    for (const target of [session.defaultSession, other]) {
      for (const permission of ['clipboard-sanitized-write', 'notifications']) {
        expect(asked(target, permission, 'app://aios')).toEqual({ granted: true, checked: true, device: false });
        expect(asked(target, permission, 'https://example.org')).toMatchObject({ granted: false, checked: false });
      }
      for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal', 'usb', 'fileSystem', 'hid'])
        expect(asked(target, permission, 'app://aios')).toEqual({ granted: false, checked: false, device: false });
    }
  });
});
