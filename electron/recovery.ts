import { app, type BrowserWindow, dialog } from 'electron';
import { WORDS } from './words.ts';

const MOST = 3;
const WITHIN_MS = 60_000;

async function askToReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: WORDS.crashed,
    detail: WORDS.crashedDetail,
    buttons: [WORDS.reload, WORDS.quit],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0) app.quit();
  else if (!window.isDestroyed()) window.webContents.reload();
}

/** Brings a crashed page back: by itself three times a minute, then when the user says so. */
export function recoverPages(now: () => number): (window: BrowserWindow) => void {
  let crashes: number[] = [];
  return (window) => {
    window.webContents.on('render-process-gone', (_, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      crashes = [...crashes.filter((at) => now() - at < WITHIN_MS), now()];
      if (crashes.length <= MOST) {
        window.webContents.reload();
        return;
      }
      crashes = [];
      void askToReload(window);
    });
  };
}
