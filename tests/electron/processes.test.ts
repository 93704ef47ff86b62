import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { portChannel } from '#agent-host/channel.ts';
import { forkUtility } from '../../electron/agent-hosts.ts';
import { MENU } from '../../electron/menu.ts';
import { recoverPages } from '../../electron/recovery.ts';
import { adoptUserPath } from '../../electron/user-path.ts';
import { freshElectron } from './kit.ts';
import { app, BrowserWindow, stage } from './stand-in.ts';

freshElectron();

const start = { entry: '/host.js', cwd: '/data', env: { AIOS_RUN: 'r1' } };

it('starts hosts with nothing but what they were given', async () => {
  const forking = forkUtility(start);
  const [forked] = stage.forked;
  if (!forked) throw new Error('nothing was forked');
  expect(forked).toMatchObject({
    entry: '/host.js',
    options: { cwd: '/data', env: { AIOS_RUN: 'r1' }, disclaim: true, allowLoadingUnsignedLibraries: false },
  });
  forked.child.pid = 42;
  forked.child.emit('spawn');
  const host = await forking;
  const heard: unknown[] = [];
  host.onMessage((message) => heard.push(message));
  forked.child.emit('message', { type: 'ready' });
  host.send({ type: 'stop' });
  host.terminate();
  forked.child.emit('exit', 3);
  host.send({ type: 'late' });
  expect([host.pid, heard, forked.child.heard, forked.child.killed]).toEqual([
    42,
    [{ type: 'ready' }],
    [{ type: 'stop' }],
    true,
  ]);
  expect(await host.ended).toEqual({ code: 3, signal: null });
});

it('tells of a host that never started', async () => {
  const forking = forkUtility(start);
  stage.forked[0]?.child.emit('exit', 1);
  const host = await forking;
  expect(host.pid).toBeUndefined();
  expect(await host.ended).toEqual({ code: 1, signal: null });
});

it('speaks to its owner over the port of a utility process', async () => {
  const sent: unknown[] = [];
  let say: (event: { data: unknown }) => void = () => undefined;
  const channel = portChannel({
    on: (_, listener) => (say = listener),
    postMessage: (message) => sent.push(message),
  });
  const heard: unknown[] = [];
  channel.onMessage((raw) => heard.push(raw));
  say({ data: 'an order' });
  await channel.send({ type: 'heartbeat', run: 'run_1', at: 1 } as never).catch(() => undefined);
  await expect(channel.send({ type: 'nonsense' } as never)).rejects.toThrow();
  expect(heard).toEqual(['an order']);
});

it('reloads a page that crashes, and asks when it keeps crashing', async () => {
  let now = 0;
  const recover = recoverPages(() => now);
  const window = new BrowserWindow({});
  recover(window as never);
  const crash = (reason = 'crashed') => window.webContents.emit('render-process-gone', {}, { reason });
  crash('clean-exit');
  for (let i = 0; i < 3; i += 1) crash();
  expect([window.webContents.reloads, stage.asked.length]).toEqual([3, 0]);
  stage.answers = [0];
  crash('oom');
  await expect.poll(() => window.webContents.reloads).toBe(4);
  expect(stage.asked).toHaveLength(1);
  now += 120_000;
  crash();
  expect(window.webContents.reloads).toBe(5);
  expect(app.listenerCount('before-quit')).toBe(0);
});

it('has only commands in its menu that the page knows', () => {
  const read = (path: string) => readFileSync(new URL(`../../renderer/${path}`, import.meta.url), 'utf8');
  const ids = [...read('app/commands.ts').matchAll(/id: '([\w.-]+)'/g)].map(([, id]) => id);
  const views = /export const VIEWS = \[([^\]]+)\]/.exec(read('store/view-store.ts'))?.[1] ?? '';
  const known = new Set([...ids, ...[...views.matchAll(/'([\w-]+)'/g)].map(([, view]) => `go.${view}`)]);
  const used = MENU.flatMap(({ entries }) =>
    entries.flatMap((entry) => (typeof entry === 'object' && 'command' in entry ? [entry.command] : [])),
  );
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((command) => !known.has(command))).toEqual([]);
});

it('takes the PATH of the user’s shell, or keeps its own when the shell does not say', async () => {
  const env: NodeJS.ProcessEnv = { SHELL: '/bin/sh', PATH: '/short' };
  if (process.platform === 'win32') return;
  await adoptUserPath(env);
  expect(env['PATH']).not.toContain('__AIOS');
  expect(env['PATH']?.split(':').every((folder) => folder.startsWith('/'))).toBe(true);
  const broken: NodeJS.ProcessEnv = { SHELL: '/no/such/shell', PATH: '/short' };
  await adoptUserPath(broken);
  expect(broken['PATH']).toBe('/short');
});
