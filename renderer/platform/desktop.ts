/** What the desktop shell's preload offers the page; nothing else of the shell can be reached. */
interface Shell {
  /** Asks the shell for a channel; it arrives as a message of the window with the given token. */
  requestPort(token: string): void;
  /** Opens an address in the user's browser, if the shell's gate lets it. */
  openExternal(url: string): Promise<boolean>;
  /** The path of a dropped file or folder; empty when it has none. */
  pathOf(file: File): string;
  /** Calls back with commands of the menu and places of links; returns how to stop. */
  onCommand(listener: (command: string) => void): () => void;
  onRoute(listener: (hash: string) => void): () => void;
}

declare global {
  interface Window {
    readonly aiosShell?: Shell;
  }
}

const PORT_WITHIN_MS = 10_000;

/** The desktop shell as the page uses it. */
export interface Desktop extends Omit<Shell, 'requestPort'> {
  /** A channel to the orchestrator. Rejects when the shell does not answer. */
  openPort(): Promise<MessagePort>;
}

function openPort(shell: Shell): Promise<MessagePort> {
  const token = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error('The shell gave no port.'))), PORT_WITHIN_MS);
    const onMessage = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      // Only this window's preload knows the token.
      if (event.source === window && event.data === token && port) done(() => resolve(port));
    };
    const done = (settle: () => void) => {
      clearTimeout(late);
      window.removeEventListener('message', onMessage);
      settle();
    };
    window.addEventListener('message', onMessage);
    shell.requestPort(token);
  });
}

/** The shell this page runs in; null in a plain browser. */
export const desktop: Desktop | null = window.aiosShell
  ? { ...window.aiosShell, openPort: () => openPort(window.aiosShell as Shell) }
  : null;
