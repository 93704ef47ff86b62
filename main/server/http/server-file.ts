import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a running server is and how to talk to it: `server.json` in the data folder, for its owner's eyes only. */
export interface ServerFile {
  readonly origin: string;
  readonly token: string;
  readonly pid: number;
  readonly epoch?: number;
  readonly startedAt: number;
}

const ORIGIN = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;
const TOKEN_LENGTH = { least: 20, most: 200 };

/** Checked by hand: every start reads it, before anything that checks shapes is loaded. */
function isServerFile(value: unknown): value is ServerFile {
  if (typeof value !== 'object' || value === null) return false;
  const { origin, token, pid, epoch, startedAt } = value as Partial<Record<keyof ServerFile, unknown>>;
  if (typeof origin !== 'string' || !ORIGIN.test(origin)) return false;
  if (typeof token !== 'string' || token.length < TOKEN_LENGTH.least || token.length > TOKEN_LENGTH.most) return false;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return false;
  return Number.isFinite(startedAt) && (epoch === undefined || Number.isFinite(epoch));
}

/** Path of the server file of a data folder. */
export const serverFileOf = (home: string) => join(home, 'server.json');

/** Writes it whole or not at all, readable by its owner only. */
export async function writeServerFile(home: string, content: ServerFile): Promise<void> {
  const path = serverFileOf(home);
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(fresh, path);
}

/** What the file says; null when there is none or it is not one of ours. */
export async function readServerFile(home: string): Promise<ServerFile | null> {
  const text = await readFile(serverFileOf(home), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isServerFile(value) ? value : null;
  } catch {
    return null;
  }
}

/** Removes the file if it is still the one with this token: a successor may have written its own. */
export async function removeServerFile(home: string, token: string): Promise<void> {
  const current = await readServerFile(home);
  if (current?.token === token) await rm(serverFileOf(home), { force: true });
}
