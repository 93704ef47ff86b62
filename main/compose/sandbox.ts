import { homedir } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Assignment } from '#protocol/agent/assignment.ts';

/** What can contain agents here; found by trying it once. */
export async function detectSandbox(): Promise<Assignment['sandbox']['kind']> {
  if (process.platform === 'darwin') return 'seatbelt';
  if (process.platform !== 'linux') return 'none';
  // Loaded here: whoever opens the page need not wait for it.
  const { execFile } = await import('node:child_process');
  const run = promisify(execFile);
  const trial = ['--ro-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--dev', '/dev', '--', 'true'];
  const worked = await run('bwrap', trial, { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
  return worked ? 'bubblewrap' : 'none';
}

/** Toolchains on PATH that lie in the user's home (version managers); agents may read and run them. */
export function toolchains(path = process.env['PATH'] ?? '', home = homedir()): string[] {
  const inHome = path.split(delimiter).filter((entry) => entry.startsWith(`${home}/`));
  return [...new Set(inHome.map((entry) => dirname(entry)).filter((folder) => folder !== home))];
}
