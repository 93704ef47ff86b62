import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where a running server is and how to talk to it: `server.json` in the data folder, for its owner's eyes only. */
export const serverFile = z.object({
  origin: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  token: z.string().min(20).max(200),
  pid: z.number().int().positive(),
  epoch: z.number().optional(),
  startedAt: z.number(),
});

/** See {@link serverFile}. */
export type ServerFile = z.infer<typeof serverFile>;

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
    const parsed = serverFile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Removes the file if it is still the one with this token: a successor may have written its own. */
export async function removeServerFile(home: string, token: string): Promise<void> {
  const current = await readServerFile(home);
  if (current?.token === token) await rm(serverFileOf(home), { force: true });
}
