import { constants } from 'node:fs';
import { copyFile, stat, utimes } from 'node:fs/promises';

/**
 * Copies a git index, if there is one. The copy is dated a little earlier than the original, never later: git trusts a
 * file's recorded size and time only when the file is older than the index.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(() => null);
  if (!found) return;
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const seconds = Math.floor(found.mtimeMs / 1000);
  await utimes(to, seconds, seconds);
}
