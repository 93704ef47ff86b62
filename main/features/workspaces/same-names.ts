import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { changedPaths } from './diff.ts';
import { gitBytes } from './git.ts';
import { splitNul } from './names.ts';

const folded = (path: string) => path.normalize('NFC').toLowerCase();

/**
 * Paths of a merged tree whose names only a case-sensitive disk can tell apart, and that no side had together before:
 * checked out elsewhere, one file would replace the other. Empty for nearly every merge.
 */
export async function sameNames(gitDir: string, tip: string, tree: string): Promise<Result<readonly string[], Fault>> {
  const changed = await changedPaths({ gitDir, base: tip, head: tree });
  if (!changed.ok) return changed;
  const added = changed.value.filter((each) => each.change === 'added' || each.change === 'renamed');
  if (added.length === 0) return ok([]);
  const listed = await gitBytes(['ls-tree', '-r', '-z', '--name-only', tree], { gitDir });
  if (!listed.ok) return listed;
  const names = new Map<string, string[]>();
  for (const path of splitNul(listed.value).map((record) => record.toString('utf8')))
    names.set(folded(path), [...(names.get(folded(path)) ?? []), path]);
  const twice = added
    .flatMap((each) => names.get(folded(each.path)) ?? [])
    .filter((path) => names.get(folded(path))?.[1]);
  return ok([...new Set(twice)]);
}
