import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a later start needs so that a page that is open goes on by itself: the port, and who is logged in. */
const remembered = z.object({
  port: z.number().int().min(0).max(65_535),
  /** Digest of each session's secret and when it was opened, wall-clock milliseconds. Never the secret. */
  sessions: z.array(z.tuple([z.string().max(100), z.number()])).max(1_000),
});

/** See the fields: the port that was served last and the sessions that are open. */
export type Remembered = z.infer<typeof remembered>;

const NOTHING: Remembered = { port: 0, sessions: [] };
const fileOf = (home: string) => join(home, 'sessions.json');

/** What the last start left; nothing when there is none or it is not one of ours. */
export function readRemembered(home: string): Remembered {
  try {
    return remembered.catch(NOTHING).parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch {
    return NOTHING;
  }
}

/** Writes whole or not at all, one after the other; failing costs a login, so it is not an error. */
export function rememberIn(home: string): (content: Remembered) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (content) => {
    last = last
      .then(async () => {
        const fresh = `${fileOf(home)}.${process.pid}.new`;
        await writeFile(fresh, JSON.stringify(content), { mode: 0o600 });
        await rename(fresh, fileOf(home));
      })
      .catch(() => undefined);
    return last;
  };
}
