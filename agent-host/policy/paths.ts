import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** The real place of a path that may not exist yet: its nearest existing ancestor resolved, the rest appended. */
export function realPlace(path: string): string {
  const tail: string[] = [];
  let head = resolve(path);
  for (;;) {
    try {
      return join(realpathSync.native(head), ...tail);
    } catch (error) {
      const parent = dirname(head);
      // A link to nowhere, a loop or a closed folder is not a place: only absence may be walked past.
      if (!isAbsent(error) || parent === head || isLink(head)) return '';
      tail.unshift(basename(head));
      head = parent;
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The path below `root` with forward slashes, or null when it lies outside. `''` is the root itself. */
export function below(root: string, path: string): string | null {
  const way = relative(root, path);
  if (way === '..' || way.startsWith('../') || way.startsWith('..\\') || isAbsolute(way)) return null;
  return way.replaceAll('\\', '/');
}
