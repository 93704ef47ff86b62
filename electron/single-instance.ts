import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { hashOfArguments, hashOfLink, LINK_SCHEME } from './links.ts';
import { WORDS } from './words.ts';

/**
 * Takes the lock of the data folder's one window, and hears links: of this start, of a second one, which hands its over
 * and ends, and of the system. Call before the app is ready.
 */
export function takeOnlyInstance(home: string, goTo: (hash: string | null) => void): boolean {
  const folder = join(home, 'window');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setName(WORDS.name);
  app.setAppUserModelId('dev.aios.desktop');
  // What Chromium keeps lies with the rest, and the lock, which is of that folder, is of the data folder.
  app.setPath('userData', folder);
  if (!app.requestSingleInstanceLock()) return false;
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_, args) => goTo(hashOfArguments(args)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    const hash = hashOfLink(link);
    if (hash !== null) goTo(hash);
  });
  return true;
}
