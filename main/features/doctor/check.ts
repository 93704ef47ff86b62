import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Finding } from '#protocol/contract/system.ts';

/** What the checks look at; a test gives its own. */
export interface DoctorWorld {
  /** The data folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own folder, where logins and kubeconfigs lie. */
  readonly userHome: string;
  readonly platform: NodeJS.Platform;
  /** The port `aios serve` would listen on; 0 takes a free one. */
  readonly port: number;
  /** A key is set up in the operator's settings. */
  readonly keyInSettings: boolean;
}

/** One thing to look at. It never throws for what it finds; a check that takes too long is reported as such. */
export interface Check {
  readonly name: string;
  readonly timeoutMs: number;
  run(world: DoctorWorld, signal: AbortSignal): Promise<Omit<Finding, 'name'>>;
}

/** All is well. */
export const fine = (detail: string): Omit<Finding, 'name'> => ({ state: 'ok', detail, next: '' });
/** Not there; `next` says what to do when it is wanted. */
export const missing = (detail: string, next: string): Omit<Finding, 'name'> => ({ state: 'missing', detail, next });
/** Works, but not as it should. */
export const warning = (detail: string, next: string): Omit<Finding, 'name'> => ({ state: 'warning', detail, next });
/** AIOS cannot work like this. */
export const broken = (detail: string, next: string): Omit<Finding, 'name'> => ({ state: 'broken', detail, next });

/** What a program prints, first line; null when it is missing, fails or takes too long. */
export function firstLineOf(command: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, [...args], { signal, timeout: 5_000, windowsHide: true }, (error, stdout) =>
      resolve(error ? null : (stdout.split('\n')[0] ?? '').trim()),
    );
  });
}

/** Where a program lies on PATH; null when it does not. */
export async function onPath(world: DoctorWorld, name: string): Promise<string | null> {
  const endings = world.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (world.env['PATH'] ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      const runnable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (folder !== '' && runnable) return path;
    }
  }
  return null;
}
