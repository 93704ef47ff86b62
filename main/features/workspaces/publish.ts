import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { readRefs, type UserRepository, updateRefs } from './hub.ts';
import { tipOf } from './merge.ts';
import { checkBranchName } from './names.ts';
import { isAncestor } from './snapshot.ts';
import { transfer } from './transfer.ts';

/** A branch of AIOS as it is now in the user's repository. */
export interface Published {
  readonly branch: string;
  readonly commit: string;
}

/** True when a checkout of the repository shows the branch. Reads files only. */
async function isCheckedOut({ commonDir, gitDir }: UserRepository, branch: string): Promise<boolean> {
  const linked = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  const folders = [commonDir, gitDir, ...linked.map((name) => join(commonDir, 'worktrees', name))];
  for (const folder of folders) {
    const head = await readFile(join(folder, 'HEAD'), 'utf8').catch(() => '');
    if (head.trim() === `ref: refs/heads/${branch}`) return true;
  }
  return false;
}

function inTheWay(branch: string, why: string): Fault {
  return faultOf(
    'branch-in-the-way',
    `The branch ${branch} was left as it is.`,
    why,
    'Rename or delete it in your repository, then try again.',
  );
}

/**
 * Shows a branch of the hub in the user's repository under the same name: its objects and one ref, forward only. No
 * checkout is touched and nothing of the user's is executed. Fails with `no-such-branch`, `branch-in-the-way` or
 * `transfer-refused`.
 */
export async function publishBranch(
  hub: string,
  branch: string,
  repository: UserRepository,
): Promise<Result<Published, Fault>> {
  const named = checkBranchName(branch);
  if (!named.ok) return named;
  const ref = `refs/heads/${branch}`;
  const tip = await tipOf(hub, ref);
  if (!tip.ok) return tip;
  const known = await readRefs({ gitDir: hub }, 'refs/user/heads/');
  if (!known.ok) return known;
  const to = { gitDir: repository.commonDir };
  const haves = [...new Set(known.value.values())];
  const brought = await transfer({ from: { gitDir: hub }, to, wants: [tip.value], haves });
  if (!brought.ok) return brought;
  const there = await tipOf(repository.commonDir, ref);
  const commit = tip.value;
  if (there.ok && there.value === commit) return ok({ branch, commit });
  if (there.ok) {
    const forward = await isAncestor(repository.commonDir, there.value, commit);
    if (!forward.ok || !forward.value) return err(inTheWay(branch, 'It went its own way since.'));
    if (await isCheckedOut(repository, branch)) return err(inTheWay(branch, 'It is checked out.'));
  }
  const record = there.ok ? `update ${ref}\0${commit}\0${there.value}` : `create ${ref}\0${commit}`;
  const moved = await updateRefs(repository.commonDir, [record]);
  return moved.ok ? ok({ branch, commit }) : moved;
}
