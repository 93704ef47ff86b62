import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

const httpUrl = z.url({ protocol: /^https?$/ });
/** Values of the catalogue's settings, by key. */
const values = z.record(z.string().max(100), z.union([z.string().max(10_000), z.number(), z.boolean()]));

/** The operator's settings: `settings.json` in the data folder, mode 0600. Never read from a repository. */
export const settings = z.strictObject({
  apiKey: z.string().min(1).max(500).optional(),
  baseUrl: httpUrl.optional(),
  /** Further endpoints that goals may name. */
  upstreams: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
        baseUrl: httpUrl,
        apiKey: z.string().max(500).optional(),
      }),
    )
    .max(20)
    .default([]),
  executable: z.string().max(4_096).optional(),
  agentCap: z.number().int().positive().max(1_000).optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  values: values.default({}),
  /** What projects have of their own, by path. */
  projects: z.record(z.string().max(4_096), values).default({}),
});

/** See {@link settings}. */
export type Settings = z.infer<typeof settings>;

const fileOf = (home: string) => join(home, 'settings.json');

function unreadable(path: string, why: string): Result<never, Fault> {
  return err(faultOf('settings-unreadable', `${path} cannot be used.`, why, 'Correct or remove it.'));
}

/** Reads the settings; none are fine. Fails with `settings-unreadable`, also when others may read a key in them. */
export async function readSettings(home: string): Promise<Result<Settings, Fault>> {
  const path = fileOf(home);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return ok(settings.parse({}));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(path, 'It is not JSON.');
  }
  const parsed = settings.safeParse(value);
  if (!parsed.success) return unreadable(path, z.prettifyError(parsed.error).replaceAll('\n', ' '));
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
