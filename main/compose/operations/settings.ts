import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { SecretView } from '#protocol/contract/settings.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Parts } from '../parts.ts';

/** The secrets AIOS knows what to do with. */
const SECRETS = [
  {
    name: 'apiKey',
    title: 'API key',
    description: 'The key of the default model endpoint. Only the gateway has it; no agent process ever does.',
    variable: 'ANTHROPIC_API_KEY',
  },
] as const;

type Secret = (typeof SECRETS)[number];

const fromEnvironment = (secret: Secret) => (process.env[secret.variable] ?? '') !== '';

function unusable(error: unknown): Fault {
  const why = error instanceof Error ? error.message : String(error);
  return faultOf('secrets-unusable', 'The secret was not kept.', why, 'Set it in the environment instead.');
}

/** Gives the gateway the key that holds now: the environment's, else the stored one, else none (the user's own login). */
export async function applyStoredKey(parts: Parts): Promise<void> {
  const config = parts.upstreams.config('default');
  if (!config || config.scripted || fromEnvironment(SECRETS[0])) return;
  const stored = await parts.secrets.read('apiKey');
  parts.upstreams.put({ ...config, key: stored ?? parts.configuredKey });
  parts.gateway.setUpstreams(parts.upstreams.forGateway());
}

/** The operations on settings and secrets. A secret can be written and removed, never read. */
export function settingsOperations(parts: Parts): Operations['settings'] {
  const { settings, secrets } = parts;
  const known = (name: string): Result<Secret, Fault> => {
    const secret = SECRETS.find((each) => each.name === name);
    return secret
      ? ok(secret)
      : err(faultOf('bad-setting', 'There is no such secret.', `"${name}" is not known.`, 'Look at the list.'));
  };
  const viewOf = async (secret: Secret): Promise<SecretView> => {
    const { name, title, description } = secret;
    const stored = (await secrets.read(name)) !== undefined || (name === 'apiKey' && parts.configuredKey !== null);
    const state = fromEnvironment(secret) ? 'environment' : stored ? 'set' : 'missing';
    return { name, title, description, state, kept: secrets.kept };
  };
  const change = async (name: string, edit: () => Promise<void>): Promise<Result<SecretView, Fault>> => {
    const secret = known(name);
    if (!secret.ok) return secret;
    try {
      await edit();
      await applyStoredKey(parts);
      return ok(await viewOf(secret.value));
    } catch (error) {
      return err(unusable(error));
    }
  };
  return {
    list: async (input) => ok(settings.list(input.project ?? null)),
    set: (input) => settings.set(input.key, input.project ?? null, input.value),
    reset: (input) => settings.reset(input.key, input.project ?? null),
    export: async (input) => ok({ yaml: await settings.exported(input.project ?? null) }),
    secrets: async () => ok(await Promise.all(SECRETS.map(viewOf))),
    setSecret: (input) => change(input.name, () => secrets.write(input.name, input.value)),
    removeSecret: (input) => change(input.name, () => secrets.remove(input.name)),
  };
}
