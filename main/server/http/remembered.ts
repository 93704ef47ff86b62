import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const port = z.number().int().min(0).max(65_535);
/** Digest of each session's secret and when it was opened, wall-clock milliseconds. Never the secret. */
const sessions = z.array(z.tuple([z.string().max(100), z.number()])).max(1_000);
/** Earlier versions kept the port here too. */
const sessionsFile = z.object({ sessions, port: port.default(0) });

/** What a later start needs so that a page that is open goes on by itself: the port, and who is logged in. */
export interface Remembered {
  readonly port: number;
  readonly sessions: z.infer<typeof sessions>;
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

/** What the last start left; nothing where there is none or it is not one of ours. */
export function readRemembered(home: string): Remembered {
  const kept = sessionsFile.catch({ sessions: [], port: 0 }).parse(read(home, SESSIONS));
  return { port: z.object({ port }).catch({ port: kept.port }).parse(read(home, PORT)).port, sessions: kept.sessions };
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
