import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((newest, file) => Math.max(newest, statSync(join(file.parentPath, file.name)).mtimeMs), 0);
}

/** Whether a built file is there and no source below the folders is newer. */
export function isBuilt(file: string, folders: readonly string[]): boolean {
  const built = statSync(file, { throwIfNoEntry: false });
  return built !== undefined && folders.every((folder) => newestIn(folder) <= built.mtimeMs);
}
