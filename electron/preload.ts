import { contextBridge, ipcRenderer, webUtils } from 'electron';

// A channel arrives here and is handed to the page: a bridge cannot carry a port.
ipcRenderer.on('aios:port', ({ ports }, token: string) => window.postMessage(token, location.origin, [...ports]));

function listen(channel: string, listener: (text: string) => void): () => void {
  // Listeners get the text only, never the event and what hangs on it.
  const hear = (_: unknown, text: unknown) => listener(String(text));
  ipcRenderer.on(channel, hear);
  return () => void ipcRenderer.off(channel, hear);
}

contextBridge.exposeInMainWorld('aiosShell', {
  requestPort: (token: string): void => void ipcRenderer.invoke('aios:port', token).catch(() => undefined),
  openExternal: async (url: string): Promise<boolean> => {
    // Only what a person just clicked may leave the app.
    if (!navigator.userActivation.isActive) return false;
    return ipcRenderer.invoke('aios:open-external', url).then(
      (opened) => opened === true,
      () => false,
    );
  },
  pathOf: (file: File): string => webUtils.getPathForFile(file),
  onCommand: (listener: (command: string) => void) => listen('aios:command', listener),
  onRoute: (listener: (hash: string) => void) => listen('aios:route', listener),
});
