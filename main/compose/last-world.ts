import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '#protocol/contract/feed.ts';
import { emptySnapshot } from '#protocol/model/snapshot.ts';
import { FOLDERS } from './folders.ts';

/** More takes longer to read and send than it saves, characters. */
const LARGEST = 4_000_000;

const fileIn = (home: string) => join(home, FOLDERS.lastWorld);
const isNew = (home: string) => !existsSync(join(home, FOLDERS.journal));

/** Which build of the page: a snapshot has the shape that one was built with. */
async function buildOf(renderer: string): Promise<string | null> {
  const found = await stat(join(renderer, 'index.html')).catch(() => null);
  return found && String(found.mtimeMs);
}

/** Whether the world can probably be told before the journal was read. */
export const mayBeKnown = (home: string): boolean => isNew(home) || existsSync(fileIn(home));

/**
 * Keeps what a page shows first for the next start. To be called when nothing will happen any more; what a later start adds
 * is told from this sequence on. Failing makes the next start slower, so it is not an error.
 */
export async function keepLastWorld(home: string, renderer: string, snapshot: Snapshot): Promise<void> {
  const build = await buildOf(renderer);
  const text = JSON.stringify({ ...snapshot, live: [] });
  if (build === null || text.length > LARGEST) return;
  const fresh = `${fileIn(home)}.${process.pid}.new`;
  await writeFile(fresh, `${build}\n${text}`, { mode: 0o600 }).catch(() => undefined);
  await rename(fresh, fileIn(home)).catch(() => undefined);
}

/** What was kept is no longer how things are. */
export const dropLastWorld = (home: string): Promise<void> => rm(fileIn(home), { force: true }).catch(() => undefined);

/**
 * The snapshot that the last start left when it ended cleanly, as text; that of nothing for a folder that is new; null when
 * it is not known. Only for who owns the folder, and only once: what happens from now on is not in it.
 */
export async function takeLastWorld(home: string, renderer: string): Promise<string | null> {
  if (isNew(home)) return JSON.stringify(emptySnapshot());
  const [build, kept] = await Promise.all([buildOf(renderer), readFile(fileIn(home), 'utf8').catch(() => '')]);
  await dropLastWorld(home);
  const line = kept.indexOf('\n');
  return line > 0 && kept.slice(0, line) === build ? kept.slice(line + 1) : null;
}
