import { mkdir, stat } from 'node:fs/promises';
import { app } from 'electron';
import { fusedFile, readFuses, wrongFuses } from './fuses.ts';

/** Switches that open a door into the app or take one of its walls away. */
const FORBIDDEN = [
  'no-sandbox',
  'disable-web-security',
  'disable-site-isolation-trials',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-wait',
  'js-flags',
  'load-extension',
  'ignore-certificate-errors',
] as const;

/** What the check looks at. */
export interface Facts {
  readonly switches: readonly string[];
  readonly onlyInstance: boolean;
  /** See {@link readFuses}; undefined where they were not read. */
  readonly fuses: string | null | undefined;
  /** Permission bits of the data folder; null where the system has none. */
  readonly folderMode: number | null;
}

/** What forbids a start, a sentence each; nothing when all is well. */
export function faultsOf({ switches, onlyInstance, fuses, folderMode }: Facts): string[] {
  const found = switches.filter((each) => (FORBIDDEN as readonly string[]).includes(each));
  const wrong = fuses === undefined ? [] : wrongFuses(fuses);
  return [
    ...found.map((each) => `--${each} is not allowed.`),
    ...(onlyInstance ? [] : ['Another AIOS has the lock.']),
    ...(wrong.length === 0 ? [] : [`The program was changed (${wrong.join(', ')}). Install it again.`]),
    ...(folderMode === null || (folderMode & 0o077) === 0
      ? []
      : [`Others may read the data folder (mode ${(folderMode & 0o777).toString(8)}). Make it 700.`]),
  ];
}

/** Forbidden switches this start was given, as Chromium and as Node see them. */
function switchesGiven(): string[] {
  const args = [...process.argv, ...process.execArgv];
  return FORBIDDEN.filter(
    (each) =>
      app.commandLine.hasSwitch(each) || args.some((arg) => arg === `--${each}` || arg.startsWith(`--${each}=`)),
  );
}

async function modeOf(home: string): Promise<number | null> {
  if (process.platform === 'win32') return null;
  await mkdir(home, { recursive: true, mode: 0o700 });
  return (await stat(home)).mode;
}

/** Looks at this start. Fuses are read in a packaged app only: a development build has none of ours. */
export async function checkSelf(home: string, onlyInstance: boolean): Promise<string[]> {
  const fuses = app.isPackaged ? await readFuses(fusedFile(process.execPath)) : undefined;
  return faultsOf({ switches: switchesGiven(), onlyInstance, fuses, folderMode: await modeOf(home) });
}
