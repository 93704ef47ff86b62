import { isAbsolute } from 'node:path';

/** The operator's shell, as a terminal of their desktop would start it. */
export function shellOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform) {
  if (platform === 'win32') return { program: env['ComSpec'] ?? 'powershell.exe', args: [] };
  const named = env['SHELL'] ?? '';
  const program = isAbsolute(named) ? named : '/bin/sh';
  // On macOS only a login shell knows the user's PATH.
  return { program, args: platform === 'darwin' ? ['-l'] : [] };
}
