import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WITHIN_MS = 5_000;
/** Around the answer: what start-up files of the shell print besides is not it. */
const MARK = '__AIOS_PATH__';

/** PATH as the user's login shell has it; null when the shell does not say. */
export async function userPath(shell: string): Promise<string | null> {
  const ask = ['-ilc', `printf '%s' "${MARK}$PATH${MARK}"`];
  const answer = await run(shell, ask, { timeout: WITHIN_MS, killSignal: 'SIGKILL' }).catch(() => null);
  const path = answer?.stdout.split(MARK)[1] ?? '';
  return path === '' ? null : path;
}

/** Takes the user's PATH: a program started from a dock or menu gets a shorter one, without their git and Node. */
export async function adoptUserPath(env: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform === 'win32' || !env['SHELL']) return;
  env['PATH'] = (await userPath(env['SHELL'])) ?? env['PATH'];
}
