import { EventEmitter } from 'node:events';

export { MessageChannelMain, MessagePortMain } from './stand-in-ports.ts';

/** What happened to the stand-in, and what it answers. A test sets and reads it; `resetElectron` starts anew. */
export interface Stage {
  handlers: Map<string, (event: unknown, ...args: unknown[]) => unknown>;
  windows: BrowserWindow[];
  /** Indexes of buttons that the user presses next; asking with none left fails the test. */
  answers: number[];
  asked: Array<{ message: string; buttons: readonly string[] }>;
  opened: string[];
  menu: Template[];
  trays: Tray[];
  notifications: Notification[];
  badge: number;
  switches: Set<string>;
  quits: number;
  exits: number[];
  lock: boolean;
  userData: string;
  backend: string;
  keychain: boolean;
  schemes: unknown[];
  serve: ((request: Request) => Promise<Response>) | null;
  forked: Array<{ entry: string; options: Record<string, unknown>; child: UtilityChild }>;
  bridge: Record<string, (...args: never[]) => unknown>;
  invoked: unknown[][];
}

/** An entry of a menu, as far as tests look. */
export interface Template {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly submenu?: readonly Template[];
  readonly click?: () => void;
}

export const stage = {} as Stage;

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox(): void {}
  commandLine = { hasSwitch: (name: string) => stage.switches.has(name) };
  requestSingleInstanceLock = () => stage.lock;
  setAsDefaultProtocolClient = () => true;
  setName(): void {}
  setAppUserModelId(): void {}
  setPath(_: 'userData', folder: string): void {
    stage.userData = folder;
  }
  whenReady = () => Promise.resolve();
  setBadgeCount(count: number): void {
    stage.badge = count;
  }
  /** As Electron does: asks everybody, then closes the windows. */
  quit(): void {
    stage.quits += 1;
    if (this.ask('before-quit')) for (const window of stage.windows) window.close();
  }
  exit(code: number): void {
    stage.exits.push(code);
  }
  ask(name: string, ...args: unknown[]): boolean {
    const event = preventable();
    this.emit(name, event, ...args);
    return !event.prevented;
  }
}

/** An event that can be prevented, and tells whether it was. */
export function preventable<T extends object>(fields?: T) {
  const event = {
    prevented: false,
    preventDefault: () => {
      event.prevented = true;
    },
    ...(fields ?? ({} as T)),
  };
  return event;
}

/** The pages of windows: events, the window-open handler, and what was sent to them. */
export class WebContents extends EventEmitter {
  readonly id: number;
  sent: unknown[][] = [];
  loading = false;
  reloads = 0;
  windowOpen: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  constructor(id: number) {
    super();
    this.id = id;
  }
  isLoading = () => this.loading;
  send = (...message: unknown[]) => void this.sent.push(message);
  reload = () => {
    this.reloads += 1;
  };
  setWindowOpenHandler = (handler: WebContents['windowOpen']) => {
    this.windowOpen = handler;
  };
}

let ids = 0;

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly options: Record<string, unknown>;
  url = '';
  focused = false;
  minimized = false;
  destroyed = false;
  constructor(options: Record<string, unknown>) {
    super();
    ids += 1;
    this.options = options;
    this.webContents = new WebContents(ids);
    stage.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }
  loadURL = async (url: string) => {
    this.url = url;
  };
  isMinimized = () => this.minimized;
  restore = () => {
    this.minimized = false;
  };
  show = () => undefined;
  focus = () => {
    this.focused = true;
  };
  isFocused = () => this.focused;
  isDestroyed = () => this.destroyed;
  setOverlayIcon = () => undefined;
  close(): void {
    this.destroyed = true;
    stage.windows = stage.windows.filter((each) => each !== this);
    this.emit('closed');
    if (stage.windows.length === 0) app.emit('window-all-closed');
  }
}

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly options: { readonly title: string; readonly body: string };
  constructor(options: Notification['options']) {
    super();
    this.options = options;
  }
  show = () => void stage.notifications.push(this);
}

export class Tray extends EventEmitter {
  tip = '';
  menu: readonly Template[] = [];
  constructor() {
    super();
    stage.trays.push(this);
  }
  setToolTip = (tip: string) => {
    this.tip = tip;
  };
  setContextMenu = (menu: readonly Template[]) => {
    this.menu = menu;
  };
}

/** A utility process that only a test moves. */
export class UtilityChild extends EventEmitter {
  pid: number | undefined;
  stdout = null;
  stderr = null;
  heard: unknown[] = [];
  killed = false;
  postMessage = (message: unknown) => void this.heard.push(message);
  kill = () => {
    this.killed = true;
    return true;
  };
}

type Handler = (...args: never[]) => unknown;

class Session {
  request: Handler | null = null;
  check: Handler | null = null;
  device: Handler | null = null;
  setPermissionRequestHandler = (handler: Handler) => {
    this.request = handler;
  };
  setPermissionCheckHandler = (handler: Handler) => {
    this.check = handler;
  };
  setDevicePermissionHandler = (handler: Handler) => {
    this.device = handler;
  };
}

export const app = new App();
export const session = { defaultSession: new Session(), create: () => new Session() };
export const autoUpdater = Object.assign(new EventEmitter(), { setFeedURL() {}, checkForUpdates() {} });
export const nativeImage = { createFromPath: (path: string) => ({ path }) };
export const shell = { openExternal: async (url: string) => void stage.opened.push(url) };
export const Menu = {
  buildFromTemplate: (template: Template[]) => template,
  setApplicationMenu: (menu: Template[]) => {
    stage.menu = menu;
  },
};
export const ipcMain = {
  handle(name: string, handler: (event: unknown, ...args: unknown[]) => unknown) {
    if (stage.handlers.has(name)) throw new Error(`${name} is handled already`);
    stage.handlers.set(name, handler);
  },
};
export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => {
    stage.schemes = schemes;
  },
  handle: (_: string, serve: Stage['serve']) => {
    stage.serve = serve;
  },
};
export const dialog = {
  async showMessageBox(options: { message: string; buttons: readonly string[] }) {
    stage.asked.push(options);
    const response = stage.answers.shift();
    if (response === undefined) throw new Error(`nobody answers "${options.message}"`);
    return { response };
  },
  showErrorBox: (message: string) => void stage.asked.push({ message, buttons: [] }),
};
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => stage.keychain,
  getSelectedStorageBackend: () => stage.backend,
  encryptStringAsync: async (text: string) => Buffer.from(`sealed:${text}`).map((byte) => byte ^ 0x5a),
  decryptStringAsync: async (sealed: Buffer) => ({
    result: Buffer.from(sealed.map((byte) => byte ^ 0x5a))
      .toString('utf8')
      .replace('sealed:', ''),
    shouldReEncrypt: false,
  }),
};
export const utilityProcess = {
  fork(entry: string, _: string[], options: Record<string, unknown>) {
    const child = new UtilityChild();
    stage.forked.push({ entry, options, child });
    return child;
  },
};
export const contextBridge = {
  exposeInMainWorld: (_: string, api: Stage['bridge']) => {
    stage.bridge = api;
  },
};
export const ipcRenderer = Object.assign(new EventEmitter(), {
  async invoke(...call: unknown[]): Promise<unknown> {
    stage.invoked.push(call);
    return true;
  },
});
export const webUtils = { getPathForFile: (file: { path?: string }) => file.path ?? '' };

/** Forgets everything, as before the first start. */
export function resetElectron(): void {
  app.removeAllListeners();
  app.isPackaged = false;
  ipcRenderer.removeAllListeners();
  session.defaultSession = session.create();
  Object.assign(stage, {
    handlers: new Map(),
    windows: [],
    answers: [],
    asked: [],
    opened: [],
    menu: [],
    trays: [],
    notifications: [],
    badge: 0,
    switches: new Set(),
    quits: 0,
    exits: [],
    lock: true,
    userData: '',
    backend: 'gnome_libsecret',
    keychain: true,
    schemes: [],
    serve: null,
    forked: [],
    bridge: {},
    invoked: [],
  } satisfies Stage);
}

resetElectron();
