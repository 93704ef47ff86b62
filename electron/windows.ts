import { app, BrowserWindow, type WebPreferences } from 'electron';
import { ORIGIN } from './app-scheme.ts';

/** The window the user works in. One at a time; it may be closed while agents go on. */
export interface MainWindow {
  /** Opens or focuses it, and goes to a place of the page. */
  show(hash?: string | null): void;
  /** Does a command of the page, which is shown for it. */
  command(id: string): void;
  current(): BrowserWindow | null;
  /** Ids of the contents that are ours. */
  readonly known: ReadonlySet<number>;
}

/** The page gets nothing of Node, and nothing that Chromium does not give to any site. */
export function preferences(preload: string): WebPreferences {
  return {
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
    devTools: !app.isPackaged,
    spellcheck: false,
    preload,
  };
}

/** What a window needs. */
export interface WindowOptions {
  readonly preload: string;
  readonly title: string;
  readonly icon: string;
  /** Called with each window as it is made. */
  readonly onOpen: (window: BrowserWindow) => void;
}

/** See {@link MainWindow}. Nothing is opened yet. */
export function createMainWindow(options: WindowOptions): MainWindow {
  const known = new Set<number>();
  let window: BrowserWindow | null = null;

  function open(hash: string): BrowserWindow {
    const made = new BrowserWindow({
      width: 1440,
      height: 900,
      minWidth: 800,
      minHeight: 560,
      show: false,
      title: options.title,
      icon: options.icon,
      backgroundColor: '#15171c',
      webPreferences: preferences(options.preload),
    });
    const { id } = made.webContents;
    known.add(id);
    made.once('ready-to-show', () => made.show());
    // Its title says what it is, not what the page calls itself.
    made.on('page-title-updated', (event) => event.preventDefault());
    made.on('closed', () => {
      known.delete(id);
      window = null;
    });
    options.onOpen(made);
    void made.loadURL(`${ORIGIN}/${hash}`).catch(() => undefined);
    return made;
  }

  /** The page hears nothing before it is loaded. */
  function tell(channel: string, text: string): void {
    const contents = window?.webContents;
    if (!contents) return;
    if (contents.isLoading()) contents.once('did-finish-load', () => contents.send(channel, text));
    else contents.send(channel, text);
  }

  function show(hash: string | null = null): void {
    if (window === null) {
      window = open(hash ?? '');
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (hash !== null) tell('aios:route', hash);
  }

  return {
    show,
    command(id) {
      show();
      tell('aios:command', id);
    },
    current: () => window,
    known,
  };
}
