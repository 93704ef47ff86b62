import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Settings } from './shape.ts';

export type { Settings } from './shape.ts';

/** What holds where there is no file. */
export const NO_SETTINGS: Settings = { upstreams: [], values: {}, projects: {} };

const fileOf = (home: string) => join(home, 'settings.json');

function unreadable(path: string, why: string): Result<never, Fault> {
  return err(faultOf('settings-unreadable', `${path} cannot be used.`, why, 'Correct or remove it.'));
}

/** Reads the settings; none are fine. Fails with `settings-unreadable`, also when others may read a key in them. */
export async function readSettings(home: string): Promise<Result<Settings, Fault>> {
  const path = fileOf(home);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return ok(NO_SETTINGS);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(path, 'It is not JSON.');
  }
  // Loaded only where there is something to check: a start without settings does not wait for it.
  const { complaintOf, settings } = await import('./shape.ts');
  const parsed = settings.safeParse(value);
  if (!parsed.success) return unreadable(path, complaintOf(parsed.error));
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return unreadable(path, 'Other users may read it (it should have mode 0600).');
  return ok(parsed.data);
}

/** Writes the settings whole or not at all, readable by their owner only. */
export async function writeSettings(home: string, content: Settings): Promise<Result<void, Fault>> {
  const path = fileOf(home);
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFile(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    await rename(fresh, path);
    return ok(undefined);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err(faultOf('settings-unwritable', 'The setting was not kept.', why, 'Free space or fix permissions.'));
  }
}
