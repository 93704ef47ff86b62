import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { gitBytes, type Person } from './git.ts';
import { splitNul } from './names.ts';

/** Every setting git would use in a repository, user and system scope included; the last value of a key wins. */
export type UserConfig = ReadonlyMap<string, string>;

/** How files of a checkout are converted; the only settings of a user that AIOS follows when it touches their files. */
const CONVERSION = ['core.autocrlf', 'core.eol', 'core.filemode', 'core.symlinks', 'core.ignorecase'];
const EXCLUDES_LIMIT = 1024 * 1024;

/** Lists the settings in force in a repository. `git config` only reads: no setting takes effect by this call. */
export async function readUserConfig(gitDir: string): Promise<Result<UserConfig, Fault>> {
  const listed = await gitBytes(['config', '--list', '--includes', '-z'], { gitDir, userScope: true });
  if (!listed.ok) return listed;
  const settings = new Map<string, string>();
  for (const record of splitNul(listed.value)) {
    const text = record.toString('utf8');
    const split = text.indexOf('\n');
    // A key without a value means true.
    if (split < 0) settings.set(text, 'true');
    else settings.set(text.slice(0, split), text.slice(split + 1));
  }
  return ok(settings);
}

/** The user's own name and e-mail address, or null when git does not know them. */
export function identityOf(config: UserConfig): Person | null {
  const name = config.get('user.name');
  const email = config.get('user.email');
  return name && email ? { name, email } : null;
}

/** The settings that decide how text and modes of a checkout are stored. */
export function conversionOf(config: UserConfig): Array<readonly [string, string]> {
  return CONVERSION.flatMap((key) => {
    const value = config.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
}

function globalExcludesPath(config: UserConfig): string {
  const configured = config.get('core.excludesfile');
  if (configured?.startsWith('~/')) return join(homedir(), configured.slice(2));
  if (configured && isAbsolute(configured)) return configured;
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'git', 'ignore');
}

async function readOptional(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.slice(0, EXCLUDES_LIMIT);
}

/** What the user ignores outside the repository's own files: their global excludes, then `info/exclude`. */
export async function excludesOf(config: UserConfig, commonDir: string): Promise<string> {
  const global = await readOptional(globalExcludesPath(config));
  const local = await readOptional(join(commonDir, 'info', 'exclude'));
  return [global, local].map((text) => text.trimEnd()).join('\n');
}
