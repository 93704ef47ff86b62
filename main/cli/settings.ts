import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { UpstreamConfig } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

const DEFAULT_BASE_URL = 'https://api.anthropic.com';

const httpUrl = z.url({ protocol: /^https?$/ });

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
});

/** See {@link settings}. */
export type Settings = z.infer<typeof settings>;

function unreadable(path: string, why: string): Result<never, Fault> {
  return err(faultOf('settings-unreadable', `${path} cannot be used.`, why, 'Correct or remove it.'));
}

/** Reads the settings; none are fine. Fails with `settings-unreadable`, also when others may read a key in them. */
export async function readSettings(home: string): Promise<Result<Settings, Fault>> {
  const path = join(home, 'settings.json');
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

/**
 * The model endpoints: the operator's environment before the settings. Without a key the user's own login is passed
 * through.
 */
export function upstreamsOf(
  env: Readonly<Record<string, string | undefined>>,
  from: Settings,
  url?: string,
): UpstreamConfig[] {
  const key = env['ANTHROPIC_API_KEY'] || from.apiKey || null;
  const baseUrl = url ?? (env['ANTHROPIC_BASE_URL'] || from.baseUrl || DEFAULT_BASE_URL);
  const others = from.upstreams.filter((each) => each.id !== 'default');
  return [
    { id: 'default', baseUrl, key, scripted: false },
    ...others.map(({ id, baseUrl: base, apiKey }) => ({ id, baseUrl: base, key: apiKey ?? null, scripted: false })),
  ];
}
