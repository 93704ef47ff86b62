import { app } from 'electron';
import type { DemoCrew, Orchestrator, Result } from '#main/index.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { forkUtility } from './agent-hosts.ts';
import { serveFiles } from './app-scheme.ts';
import { startAttention } from './attention.ts';
import { guardDefaultSession } from './guards.ts';
import { type Right, serveIpc } from './ipc.ts';
import { chooseSecrets } from './keep-secrets.ts';
import { setMenu } from './menu.ts';
import { openExternal } from './open-external.ts';
import { startOrchestrator } from './orchestrator.ts';
import type { Places } from './places.ts';
import { handOverPort } from './ports.ts';
import { guardQuit } from './quit.ts';
import { recoverPages } from './recovery.ts';
import { createTray } from './tray.ts';
import { createMainWindow, type MainWindow } from './windows.ts';
import { WORDS } from './words.ts';

/** What a shell is started with. */
export interface ShellOptions {
  readonly places: Places;
  readonly home: string;
  readonly safe: boolean;
  /** The place to open first; null is where the page was. */
  readonly hash: string | null;
  readonly demo: DemoCrew;
}

const RIGHTS: ReadonlySet<Right> = new Set(['orchestrate', 'leave']);

function openWindows({ places, safe }: ShellOptions, orchestrator: Orchestrator): MainWindow {
  const window = createMainWindow({
    preload: places.preload,
    title: safe ? WORDS.safeTitle : WORDS.name,
    icon: places.icon('app'),
    onOpen: recoverPages(Date.now),
  });
  const handlers = {
    'aios:port': ({ senderFrame }: Electron.IpcMainInvokeEvent, token: string) => {
      if (senderFrame) handOverPort(orchestrator, senderFrame, token);
    },
    'aios:open-external': (_: Electron.IpcMainInvokeEvent, url: string) => openExternal(url),
  };
  // Our one kind of window may do all that is in the registry.
  serveIpc(handlers, () => RIGHTS, window.known);
  return window;
}

/** Starts everything of a ready app, in order. Returns the window; null when the user chose to leave. */
export async function startShell(options: ShellOptions): Promise<Result<MainWindow | null, Fault>> {
  const { places, home, safe, hash, demo } = options;
  guardDefaultSession();
  await serveFiles(places.renderer);
  const secrets = await chooseSecrets(home);
  if (secrets === null) return { ok: true, value: null };
  const { resources, renderer } = places;
  const started = await startOrchestrator({ home, resources, renderer, safe, secrets, demo, forkHost: forkUtility });
  if (!started.ok) return started;
  const orchestrator = started.value;

  const window = openWindows(options, orchestrator);
  setMenu(window.command);
  const updateTray = createTray(places.icon('tray'), {
    show: window.show,
    stopAll: () => window.command('window.stop-all'),
    quit: () => app.quit(),
  });
  const attention = startAttention(orchestrator.operations, {
    window: window.current,
    goTo: window.show,
    onSummary: (summary) => updateTray?.(summary),
    badge: places.icon('badge'),
  });
  guardQuit({
    operations: orchestrator.operations,
    summary: attention.summary,
    hide: () => window.current()?.close(),
    show: () => window.show(),
    async end() {
      attention.stop();
      await orchestrator.stop();
    },
  });
  app.on('activate', () => window.show());
  window.show(hash);
  return { ok: true, value: window };
}
