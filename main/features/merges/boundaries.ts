import type { RoleFile } from '#main/features/crew/index.ts';
import type { ChangedPath } from '#main/features/workspaces/index.ts';
import { matchesAny } from '#protocol/model/glob.ts';

/**
 * Paths a role has changed but may not. The tools refuse such edits when they are made; this holds for whatever came
 * about another way (a script, a test that writes).
 */
export function outsideRole(role: RoleFile, changed: readonly ChangedPath[]): string[] {
  const touched = changed.flatMap((each) => (each.from === undefined ? [each.path] : [each.path, each.from]));
  return touched.filter((path) => matchesAny(role.protected, path) || !matchesAny(role.writable, path));
}
