import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Every process of a run carries this variable. */
export const RUN_MARKER = 'AIOS_RUN';
/** Tells the runs of one data folder from those of another on the same machine. */
export const DATA_MARKER = 'AIOS_DATA';

/** A short, stable name for a data folder, safe in an environment that agents can read. */
export function dataMark(dataFolder: string): string {
  return createHash('sha256').update(realpathSync.native(dataFolder)).digest('hex').slice(0, 16);
}

/** What a host needs of its surroundings; everything else of the orchestrator's environment stays out. */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'TMPDIR',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
];

/** The environment of a host, from nothing. */
export function hostEnvironment(run: string, dataFolder: string, outer: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = PASSED.map((name) => [name, outer[name]] as const).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(passed),
    // Compiled code is kept: a host then starts in half the time.
    NODE_COMPILE_CACHE: join(realpathSync.native(dataFolder), 'cache', 'compiled'),
    [RUN_MARKER]: run,
    [DATA_MARKER]: dataMark(dataFolder),
    // The host hides this folder from what it contains; it does not pass the variable on.
    AIOS_DATA_FOLDER: realpathSync.native(dataFolder),
  };
}
