import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository these tests look at. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Files that are or would be committed, relative to the root, with `/`. */
export function repositoryFiles(): string[] {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 } as const;
  const list = (...args: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...args], options)
      .split('\0')
      .filter(Boolean);
  const deleted = new Set(list('--deleted'));
  return list('--cached', '--others', '--exclude-standard').filter((path) => !deleted.has(path));
}

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const COMMENTS = /\/\*[\s\S]*?\*\/|(^|[^:'"`])\/\/[^\n]*/g;

/** Source without its comments; lines keep their numbers. */
export function withoutComments(source: string): string {
  return source.replace(COMMENTS, (comment) => comment.replace(/[^\n]/g, ' '));
}
