import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HIGHEST_PORT = 65_535;
const LONGEST_DIGEST = 100;
const MOST_SESSIONS = 1_000;

/** What a later start needs so that a page that is open goes on by itself: the port, and who is logged in. */
export interface Remembered {
  readonly port: number;
  /** Digest of each session's secret and when it was opened, wall-clock milliseconds. Never the secret. */
  readonly sessions: ReadonlyArray<readonly [digest: string, at: number]>;
}

/** Two files: who deletes the sessions logs every browser out, and the address stays. */
const SESSIONS = 'sessions.json';
const PORT = 'port.json';

function read(home: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(home, name), 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

// Checked by hand: every start reads this first, before anything that checks shapes is loaded.
const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

function portIn(value: unknown): number | null {
  const port = fieldOf(value, 'port');
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= HIGHEST_PORT ? port : null;
}

function isSession(value: unknown): value is Remembered['sessions'][number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [digest, at] = value as unknown[];
  return typeof digest === 'string' && digest.length <= LONGEST_DIGEST && Number.isFinite(at);
}

function sessionsIn(value: unknown): Remembered['sessions'] {
  const sessions = fieldOf(value, 'sessions');
  return Array.isArray(sessions) && sessions.length <= MOST_SESSIONS && sessions.every(isSession) ? sessions : [];
}

/** What the last start left; nothing where there is none or it is not one of ours. */
export function readRemembered(home: string): Remembered {
  const kept = read(home, SESSIONS);
  // Earlier versions kept the port with the sessions.
  return { port: portIn(read(home, PORT)) ?? portIn(kept) ?? 0, sessions: sessionsIn(kept) };
}

/** Writes whole or not at all, one after the other; failing costs a login, so it is not an error. */
export function rememberIn(home: string): (content: Remembered) => Promise<void> {
  const replace = async (name: string, content: object) => {
    const fresh = join(home, `${name}.${process.pid}.new`);
    await writeFile(fresh, JSON.stringify(content), { mode: 0o600 });
    await rename(fresh, join(home, name));
  };
  let last: Promise<void> = Promise.resolve();
  return ({ port: served, sessions: open }) => {
    last = last
      .then(async () => {
        await replace(PORT, { port: served });
        await replace(SESSIONS, { sessions: open });
      })
      .catch(() => undefined);
    return last;
  };
}
