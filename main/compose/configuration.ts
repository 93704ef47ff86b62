import { readSettings, type Settings } from '#main/features/settings/index.ts';
import type { UpstreamConfig } from '#main/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';

const DEFAULT_BASE_URL = 'https://api.anthropic.com';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The model endpoints: the operator's environment before the settings. Without a key the user's own login is passed
 * through.
 */
export function upstreamsOf(env: Env, from: Settings, url?: string): UpstreamConfig[] {
  const key = env['ANTHROPIC_API_KEY'] || from.apiKey || null;
  const baseUrl = url ?? (env['ANTHROPIC_BASE_URL'] || from.baseUrl || DEFAULT_BASE_URL);
  const others = from.upstreams.filter((each) => each.id !== 'default');
  return [
    { id: 'default', baseUrl, key, scripted: false },
    ...others.map(({ id, baseUrl: base, apiKey }) => ({ id, baseUrl: base, key: apiKey ?? null, scripted: false })),
  ];
}

/** What the operator configured, as an orchestrator and its server take it. */
export interface Configuration {
  readonly upstreams: readonly UpstreamConfig[];
  readonly executable: string | null;
  /** The port to serve on; 0 chooses a free one. */
  readonly port: number;
}

/** Reads a data folder's settings. Fails with `settings-unreadable`. */
export async function readConfiguration(home: string, env: Env): Promise<Result<Configuration, Fault>> {
  const settings = await readSettings(home);
  if (!settings.ok) return settings;
  const { executable = null, port = 0 } = settings.value;
  return ok({ upstreams: upstreamsOf(env, settings.value), executable, port });
}
