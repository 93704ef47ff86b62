import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type ExitCode } from './exit-codes.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The program that shows the desktop window, or the one line that says why there is none. */
export type DesktopProgram =
  | { readonly found: true; readonly program: string }
  | { readonly found: false; readonly why: string };

/** Its program, looked for by file: loading the package would download what is missing. */
function programOf(root: string, env: Env): string | null {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const program = join(env['ELECTRON_OVERRIDE_DIST_PATH'] || join(folder, 'dist'), name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/** Looks for what the desktop window needs: its binary, and a display to show it on. */
export function findDesktop(root: string, env: Env, platform: NodeJS.Platform = process.platform): DesktopProgram {
  const program = programOf(root, env);
  const display = platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  if (program !== null && display) return { found: true, program };
  const missing = [...(program === null ? ['Electron’s binary'] : []), ...(display ? [] : ['a display'])];
  return { found: false, why: `Without ${missing.join(' and ')} the control center is served to your browser.` };
}

/** Runs the desktop until it ends. `onInterrupt` registers what Ctrl-C does. */
export async function runDesktop(
  command: { readonly program: string; readonly args: readonly string[]; readonly env: Env },
  onInterrupt: (listener: () => void) => () => void,
): Promise<ExitCode> {
  // With this variable set it would be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = command.env;
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(command.program, [...command.args], { stdio: 'inherit', env });
    const forget = onInterrupt(() => void child.kill('SIGTERM'));
    const end = (code: ExitCode) => {
      forget();
      resolve(code);
    };
    child.once('error', () => end(EXIT.environment));
    child.once('exit', (code) => end(code === 0 ? EXIT.done : EXIT.environment));
  });
}
