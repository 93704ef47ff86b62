import type { ChangedFile } from '#protocol/contract/review.ts';

/** A row of the list of files: a folder of the tree, or a file. */
export type FileRow =
  | {
      readonly row: 'folder';
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      readonly files: number;
    }
  | { readonly row: 'file'; readonly file: ChangedFile; readonly name: string; readonly depth: number };

/** The files whose path, now or before, holds the text, whatever its case. */
export function filterFiles(files: readonly ChangedFile[], wanted: string): readonly ChangedFile[] {
  const needle = wanted.trim().toLowerCase();
  if (needle === '') return files;
  return files.filter(
    ({ path, from }) => path.toLowerCase().includes(needle) || (from?.toLowerCase().includes(needle) ?? false),
  );
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: ChangedFile[];
  count: number;
}

const emptyFolder = (): Folder => ({ folders: new Map(), files: [], count: 0 });

function rootOf(files: readonly ChangedFile[]): Folder {
  const root = emptyFolder();
  for (const file of files) {
    let at = root;
    for (const part of file.path.split('/').slice(0, -1)) {
      const next = at.folders.get(part) ?? emptyFolder();
      at.folders.set(part, next);
      next.count += 1;
      at = next;
    }
    at.files.push(file);
  }
  return root;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Files as rows of a tree, folders first; a chain of folders with nothing beside it is one row. `closed` are not opened. */
export function treeRows(files: readonly ChangedFile[], closed: ReadonlySet<string>): FileRow[] {
  const rows: FileRow[] = [];
  const walk = (folder: Folder, prefix: string, depth: number): void => {
    const named = [...folder.folders].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [first, start] of named) {
      let name = first;
      let inner = start;
      for (;;) {
        const [only] = inner.folders;
        if (!only || inner.folders.size > 1 || inner.files.length > 0) break;
        name = `${name}/${only[0]}`;
        inner = only[1];
      }
      const path = `${prefix}${name}`;
      rows.push({ row: 'folder', path, name, depth, files: start.count });
      if (!closed.has(path)) walk(inner, `${path}/`, depth + 1);
    }
    for (const file of folder.files) rows.push({ row: 'file', file, name: nameOf(file.path), depth });
  };
  walk(rootOf(files), '', 0);
  return rows;
}

/** Whether a file is somebody's work: the plan that AIOS writes beside it is not what one looks at first. */
export function isWork({ path }: ChangedFile): boolean {
  return !path.startsWith('.aios/');
}

/** The first file of the tree as {@link treeRows} lists it, without building the tree; null when there is none. */
export function firstOfTree(files: readonly ChangedFile[]): ChangedFile | null {
  let within = files;
  for (let prefix = ''; ; ) {
    let least: string | null = null;
    for (const { path } of within) {
      const end = path.indexOf('/', prefix.length);
      const name = end < 0 ? null : path.slice(prefix.length, end);
      if (name !== null && (least === null || name < least)) least = name;
    }
    if (least === null) return within[0] ?? null;
    prefix = `${prefix}${least}/`;
    const inside = prefix;
    within = within.filter(({ path }) => path.startsWith(inside));
  }
}

/** Files as rows of a plain list, each with its whole path. */
export function flatRows(files: readonly ChangedFile[]): FileRow[] {
  return files.map((file) => ({ row: 'file', file, name: file.path, depth: 0 }));
}

/** The path a number of places further on in what is shown; stays at the ends. */
export function stepFrom(rows: readonly FileRow[], path: string | null, by: number): string | null {
  const paths = rows.flatMap((row) => (row.row === 'file' ? [row.file.path] : []));
  const at = path === null ? -1 : paths.indexOf(path);
  if (at < 0) return paths[0] ?? null;
  return paths[Math.min(Math.max(at + by, 0), paths.length - 1)] ?? null;
}
