import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { gitText } from './git.ts';

/** The oldest git whose `merge-tree --write-tree` AIOS can use. */
export const OLDEST_GIT = '2.38';

function isOldEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 38);
}

/** Checks the version that `git --version` printed. Fails with `git-too-old`. */
export function checkVersion(printed: string): Result<{ readonly version: string }, Fault> {
  const version = /(\d+\.\d+(?:\.\d+)?)/.exec(printed)?.[1] ?? '0.0';
  if (isOldEnough(version)) return ok({ version });
  return err(
    faultOf(
      'git-too-old',
      `git ${version} is too old.`,
      `AIOS merges without touching files, which needs git ${OLDEST_GIT} or newer.`,
      `Install git ${OLDEST_GIT} or newer and start AIOS again.`,
    ),
  );
}

/** Says which git there is. Fails with `git-missing` or `git-too-old`. */
export async function checkGit(): Promise<Result<{ readonly version: string }, Fault>> {
  const printed = await gitText(['--version'], {});
  return printed.ok ? checkVersion(printed.value) : printed;
}
