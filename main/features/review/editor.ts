import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, sep } from 'node:path';
import { checkPath } from '#main/features/workspaces/index.ts';
import { findProgram } from '#main/platform/find-program.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { userEnvironment } from '#main/platform/user-environment.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Where to look: a folder, and perhaps a file and a line in it. */
export interface Spot {
  /** Absolute. */
  readonly folder: string;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
}

const LIKE_CODE = ['code', 'code-insiders', 'cursor', 'windsurf', 'codium'];
const WITH_COLON = ['zed', 'subl'];
const WITH_LINE = ['idea', 'webstorm', 'pycharm', 'goland', 'rustrover'];
const GRAPHICAL = [...LIKE_CODE, ...WITH_COLON, ...WITH_LINE];

const NONE = faultOf(
  'no-editor',
  'No editor was found.',
  'None of the usual ones is on PATH, and none is set.',
  'Set the editor in Settings.',
);

/** `"my editor" --wait` as words. The text is never given to a shell. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

const nameOf = (program: string) =>
  basename(program)
    .replace(/\.(exe|cmd|bat|com)$/i, '')
    .toLowerCase();

/** How each kind of editor is told a file and a line. */
function argumentsFor(program: string, folder: string, file: string | null, line: number | undefined): string[] {
  if (file === null) return [folder];
  const name = nameOf(program);
  const place = line === undefined ? file : `${file}:${line}`;
  if (LIKE_CODE.includes(name)) return [folder, '-g', place];
  if (WITH_COLON.includes(name)) return [place];
  if (WITH_LINE.includes(name) && line !== undefined) return ['--line', String(line), file];
  return [file];
}

/** The set editor, a graphical one of the environment, or the first of the usual ones. */
async function editorOf(configured: string, env: NodeJS.ProcessEnv): Promise<Result<string[], Fault>> {
  const whole = configured.trim();
  if (whole !== '') {
    const words = isAbsolute(whole) && (await findProgram(whole, env)) !== null ? [whole] : wordsOf(whole);
    const found = await findProgram(words[0] ?? '', env);
    if (found !== null) return ok([found, ...words.slice(1)]);
    const what = `The editor ${JSON.stringify(words[0] ?? '')} was not found.`;
    return err(faultOf('no-editor', what, 'It is neither a program nor on PATH.', 'Change the editor in Settings.'));
  }
  // An editor that needs a terminal would start where nobody sees it.
  const named = [env['VISUAL'], env['EDITOR']].flatMap((text) => (text ? [wordsOf(text)] : []));
  const wanted = [
    ...named.filter(([program]) => GRAPHICAL.includes(nameOf(program ?? ''))),
    ...GRAPHICAL.map((n) => [n]),
  ];
  for (const [program = '', ...args] of wanted) {
    const found = await findProgram(program, env);
    if (found !== null) return ok([found, ...args]);
  }
  return err(NONE);
}

/** The file inside the folder; links that lead out of it are refused. */
async function fileOf({ folder, path }: Spot): Promise<Result<string | null, Fault>> {
  if (path === undefined) return ok(null);
  const checked = checkPath(path);
  if (!checked.ok) return checked;
  const file = join(folder, path);
  const [real, top] = await Promise.all([realpath(file).catch(() => null), realpath(folder).catch(() => folder)]);
  if (real?.startsWith(`${top}${sep}`)) return ok(file);
  const why = real === null ? 'It was deleted or moved.' : 'It is a link that leads out of the folder.';
  return err(faultOf('no-such-file', 'This file cannot be opened.', why, 'Open the folder instead.'));
}

/**
 * Opens a folder, or a file in it, in the user's editor, which goes on by itself. `configured` is a program with
 * arguments, or empty. The value is what was started. Fails with `no-editor`, `bad-path` or `no-such-file`.
 */
export async function openInEditor(
  spot: Spot,
  configured: string,
  env: NodeJS.ProcessEnv,
): Promise<Result<{ readonly command: string }, Fault>> {
  const file = await fileOf(spot);
  if (!file.ok) return file;
  const editor = await editorOf(configured, env);
  if (!editor.ok) return editor;
  const [program = '', ...own] = editor.value;
  const args = [...own, ...argumentsFor(program, spot.folder, file.value, spot.line)];
  const script = process.platform === 'win32' && /\.(cmd|bat)$/i.test(program);
  if (script && args.some((arg) => /["%!^&|<>\r\n]/.test(arg)))
    return err(
      faultOf(
        'no-such-file',
        'This name cannot be opened.',
        'It has marks that Windows scripts execute.',
        'Open it by hand.',
      ),
    );
  const options = { cwd: spot.folder, detached: true, stdio: 'ignore' as const, env: userEnvironment(env) };
  const child = script
    ? spawn('cmd.exe', ['/d', '/s', '/c', `"${[program, ...args].map((arg) => `"${arg}"`).join(' ')}"`], {
        ...options,
        windowsVerbatimArguments: true,
      })
    : spawn(program, args, options);
  const problem = await new Promise<Error | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  child.on('error', () => undefined);
  child.unref();
  if (problem) return err(faultOf('no-editor', 'The editor did not start.', problem.message, 'Change it in Settings.'));
  return ok({ command: [program, ...args].join(' ') });
}
