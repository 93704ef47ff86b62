import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Bytes an ordinary user can still write on the disk that holds `path`; a path that does not exist yet counts too. */
export async function freeBytes(path: string): Promise<Result<number, Fault>> {
  try {
    const disk = await statfs(path);
    return ok(disk.bavail * disk.bsize);
  } catch {
    if (dirname(path) !== path) return freeBytes(dirname(path));
    return err(
      faultOf('disk-unknown', 'The free disk space is unknown.', 'The system did not tell.', 'Check the disk.'),
    );
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MB`;
}

/** Checks that at least `wanted` bytes are free where `path` lies. Fails with `disk-low`. */
export async function checkDisk(path: string, wanted: number): Promise<Result<number, Fault>> {
  const free = await freeBytes(path);
  if (!free.ok || free.value >= wanted) return free;
  const why = `${inMegabytes(free.value)} are free and ${inMegabytes(wanted)} are needed.`;
  return err(
    faultOf('disk-low', 'The disk is nearly full.', why, 'Free some space; waiting work starts again by itself.'),
  );
}
