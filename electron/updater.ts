import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, autoUpdater } from 'electron';

const FEED_FILE = 'update-feed.txt';
const EVERY_MS = 6 * 3_600_000;

/** The feed this package was built with: an https address in a file beside it. None: updates are off. */
export async function feedOf(resources: string): Promise<string | null> {
  const text = (await readFile(join(resources, FEED_FILE), 'utf8').catch(() => '')).trim();
  return URL.canParse(text) && new URL(text).protocol === 'https:' ? text : null;
}

/** Looks for updates where there is a feed; they take effect at the next start. Linux has its package manager. */
export async function startUpdater(resources: string): Promise<'on' | 'off'> {
  const feed = app.isPackaged && process.platform !== 'linux' ? await feedOf(resources) : null;
  if (feed === null) return 'off';
  autoUpdater.on('error', (error) => console.error(`update: ${error.message}`));
  autoUpdater.setFeedURL({ url: feed });
  autoUpdater.checkForUpdates();
  setInterval(() => autoUpdater.checkForUpdates(), EVERY_MS).unref();
  return 'on';
}
