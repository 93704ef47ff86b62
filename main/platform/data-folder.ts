import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The data folder: `$AIOS_HOME`, else the platform's own place for a program's data. */
export function homeOf(env: Env, platform: NodeJS.Platform = process.platform, user = homedir()): string {
  const chosen = env['AIOS_HOME'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'darwin') return join(user, 'Library', 'Application Support', 'AIOS');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(user, 'AppData', 'Roaming'), 'AIOS');
  const xdg = env['XDG_DATA_HOME'];
  // The XDG rules say to ignore relative paths.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(user, '.local', 'share'), 'aios');
}
