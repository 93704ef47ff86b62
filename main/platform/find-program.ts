import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The full path of a program: itself when it is one, else the first on PATH; null when there is none. */
export async function findProgram(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  const folders = isAbsolute(name) ? [''] : (env['PATH'] ?? '').split(delimiter).filter((each) => isAbsolute(each));
  if (!isAbsolute(name) && /[\\/]/.test(name)) return null;
  for (const folder of folders)
    for (const ending of endings) {
      const path = folder === '' ? `${name}${ending}` : join(folder, `${name}${ending}`);
      if (await isProgram(path)) return path;
    }
  return null;
}
