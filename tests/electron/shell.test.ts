import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { Contract } from '#protocol/contract/index.ts';
import { registerScheme } from '../../electron/app-scheme.ts';
import { demoCrew } from '../../electron/demo.ts';
import { startShell } from '../../electron/shell.ts';
import { takeOnlyInstance } from '../../electron/single-instance.ts';
import { folder, freshElectron, invoke, sender } from './kit.ts';
import { app, type BrowserWindow, type MessagePortMain, preventable, stage } from './stand-in.ts';

freshElectron();

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));

async function page(): Promise<string> {
  const root = await folder();
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<!doctype html><head></head>');
  await writeFile(join(root, 'assets', 'a.js'), 'export {};');
  await writeFile(join(root, 'assets', 'a.map'), 'sources');
  return root;
}

/** The whole shell on a real orchestrator, in a folder of its own. */
async function start(hash: string | null = null, safe = false) {
  registerScheme();
  const home = join(await folder(), 'data');
  const places = { renderer: await page(), preload: '/out/preload.cjs', resources: RESOURCES, icon: () => 'icon.png' };
  const started = await startShell({ places, home, safe, hash, demo: demoCrew(RESOURCES) });
  if (!started.ok || started.value === null) throw new Error('it did not start');
  const [window] = stage.windows;
  if (!window) throw new Error('no window');
  return { shell: started.value, window, home, places };
}

/** Asks for a port as the page does, and connects with it. */
async function connect(window: BrowserWindow, id = window.webContents.id) {
  let port: MessagePortMain | undefined;
  const postMessage = (_: string, __: unknown, [given]: MessagePortMain[]) => {
    port = given;
  };
  await invoke('aios:port', sender(id, { postMessage }), randomUUID());
  if (!port) throw new Error('no port came');
  port.start();
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port }));
  return { client, port };
}

/** Quits, and waits until the orchestrator has ended: the windows are closed only then. */
async function quit(): Promise<void> {
  app.quit();
  await expect.poll(() => stage.windows, { timeout: 10_000 }).toEqual([]);
}

afterEach(async () => {
  if (stage.windows.length > 0) await quit();
});

describe('the shell', () => {
  it('hands over a port that the contract is spoken through, to its own page alone', async () => {
    const { window, home } = await start();
    const { client, port } = await connect(window);
    expect(await client.system.info()).toMatchObject({ home, agents: { running: 0 } });
    await expect(client.goals.stop({ goal: 'goal_none' })).rejects.toMatchObject({ code: 'REFUSED' });
    const watched = await client.feed.watch({ after: (await client.feed.snapshot()).sequence });
    await watched.return?.(undefined);
    port.close();
    await expect(connect(window, 4_711)).rejects.toThrow('may not ask');
    // The page was reloaded: it asks again.
    const again = await connect(window);
    expect(await again.client.goals.list()).toEqual([]);
    again.port.close();
  });

  it('opens a window that has nothing of Node', async () => {
    const { window } = await start('#/graph/goal_1');
    expect(window.url).toBe('app://aios/#/graph/goal_1');
    expect(window.options['webPreferences']).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      devTools: true,
      spellcheck: false,
      preload: '/out/preload.cjs',
    });
  });

  it('serves the files of the page and nothing else, each under the policy', async () => {
    await start();
    expect(stage.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    const get = (path: string, method = 'GET') => stage.serve?.(new Request(`app://aios${path}`, { method }));
    const index = await get('/');
    const policy = index?.headers.get('content-security-policy') ?? '';
    const nonce = /content="([\w-]+)"/.exec((await index?.text()) ?? '')?.[1];
    expect(policy).toContain(`'nonce-${nonce}'`);
    expect((await (await get('/'))?.text())?.includes(nonce ?? '')).toBe(false);
    const script = await get('/assets/a.js');
    expect([script?.status, script?.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(script?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(script?.headers.get('x-content-type-options')).toBe('nosniff');
    for (const path of [
      '/assets/../index.js',
      '/assets/a.map',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/api/session',
      '/none.js',
    ])
      expect((await get(path))?.status).toBe(404);
    expect((await get('/', 'POST'))?.status).toBe(403);
    expect((await stage.serve?.(new Request('app://other/')))?.status).toBe(403);
  });

  it('starts no agents in safe mode, and says so', async () => {
    const { window } = await start(null, true);
    expect(window.options['title']).toContain('no agent starts');
    const { client, port } = await connect(window);
    expect((await client.system.info()).agents.cap).toBe(0);
    port.close();
  });

  it('lets a second start hand over its link', async () => {
    const { shell, window, home } = await start();
    takeOnlyInstance(home, (hash) => shell.show(hash));
    window.minimized = true;
    app.emit('second-instance', {}, ['electron', '.', 'aios://goal/goal_2/task/task_3']);
    expect([window.minimized, window.focused]).toEqual([false, true]);
    expect(window.webContents.sent).toEqual([['aios:route', '#/graph/goal_2/task%3Atask_3']]);
    const event = preventable();
    app.emit('open-url', event, 'aios://goal/goal_4');
    expect(event.prevented).toBe(true);
    app.emit('open-url', preventable(), 'aios://evil/../x');
    expect(window.webContents.sent.at(-1)).toEqual(['aios:route', '#/graph/goal_4']);
  });

  it('sends commands of the menu to the page, when it can hear them', async () => {
    const { window } = await start();
    window.webContents.loading = true;
    const entries = stage.menu.flatMap(({ submenu }) => submenu ?? []);
    entries.find(({ label }) => label === 'New goal…')?.click?.();
    expect(window.webContents.sent).toEqual([]);
    window.webContents.emit('did-finish-load');
    expect(window.webContents.sent).toEqual([['aios:command', 'goal.compose']]);
  });

  it('quits without a word when no agent runs, after the orchestrator has ended', async () => {
    const { window } = await start();
    const { client, port } = await connect(window);
    await quit();
    expect(stage.asked).toEqual([]);
    await expect(Promise.race([client.system.info(), Promise.reject(new Error('gone'))])).rejects.toThrow();
    port.close();
  });

  it('says what keeps it from starting', async () => {
    const { home, places } = await start();
    const second = await startShell({ places, home, safe: false, hash: null, demo: demoCrew(RESOURCES) });
    expect(second).toMatchObject({ ok: false, error: { tag: 'home-owned' } });
  });
});

it('has one instance a data folder', async () => {
  stage.lock = false;
  const home = join(await folder(), 'data');
  expect(takeOnlyInstance(home, () => undefined)).toBe(false);
  expect(stage.userData).toBe(join(home, 'window'));
});
