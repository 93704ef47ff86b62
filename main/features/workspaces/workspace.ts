import { copyFile, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failpoint } from '#main/platform/failpoint.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { readCloneHead, readKept } from './clone-files.ts';
import { forgetGround, standsOn, stateOf, type Workspace } from './content.ts';
import { gitBytes, type Person } from './git.ts';
import { objectsOf, siblingOf, writeKept } from './hub.ts';
import { INCLUDE_FILE, type Included, includeUntracked } from './include.ts';
import { checkBranchName, checkId, checkObjectId } from './names.ts';
import { forgetSnapshot, inTurn, keepWorkspace } from './snapshot.ts';

/** What a new workspace is made of. */
export interface WorkspaceRequest extends Workspace {
  /** Whom the agent's own commits name. */
  readonly author: Person;
  /** Further refs it knows, by full name: commits of the hub to compare with. */
  readonly refs?: Readonly<Record<string, string>>;
  /** The user's checkout, when untracked files named by a trusted `.worktreeinclude` are to be copied. */
  readonly include?: {
    readonly from: string;
    /** The trusted commit that names them; the base when absent. */
    readonly commit?: string;
  };
}

/** A workspace that is ready, and what was copied into it besides the commit. */
export interface CreatedWorkspace {
  readonly workspace: Workspace;
  readonly included: Included;
}

const NOTHING_INCLUDED: Included = { copied: [], skipped: [] };

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

function configText(author: Person): string {
  const quote = (text: string) =>
    `"${text
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll(/[\r\n\0]/g, ' ')}"`;
  return `[user]
\tname = ${quote(author.name)}
\temail = ${quote(author.email)}
[gc]
\tauto = 0
[maintenance]
\tauto = false
[commit]
\tgpgSign = false
[core]
\tautocrlf = false
\thooksPath = .git/hooks
`;
}

function escapePattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]!# ]/g, '\\$&')}`;
}

/** An empty repository that borrows the hub's objects, with one branch at the base and no remote. */
async function initClone(request: WorkspaceRequest, folder: string): Promise<Result<void, Fault>> {
  const format = request.base.length === 64 ? 'sha256' : 'sha1';
  const args = ['init', '--quiet', '--template=', `--object-format=${format}`, '--', folder];
  const made = await gitBytes(args, { cwd: dirname(folder) });
  if (!made.ok) return made;
  const gitDir = join(folder, '.git');
  await writeFile(join(gitDir, 'config'), configText(request.author), { flag: 'a' });
  for (const name of ['hooks', 'info', 'objects/info']) await mkdir(join(gitDir, name), { recursive: true });
  await writeFile(join(gitDir, 'objects', 'info', 'alternates'), `${objectsOf(request.hub)}\n`);
  const shallow = await readKept(join(request.hub, 'shallow'));
  if (shallow !== null) await writeFile(join(gitDir, 'shallow'), shallow);
  // Nobody else knows this folder yet, so two files, flushed as git would, do what two git processes did; reading the
  // base's tree proves that the hub has it.
  const ref = `refs/heads/${request.branch}`;
  for (const [name, commit] of Object.entries({ ...request.refs, [ref]: request.base })) {
    await mkdir(dirname(join(gitDir, name)), { recursive: true });
    await writeFile(join(gitDir, name), `${commit}\n`, { flush: true });
  }
  await writeFile(join(gitDir, 'HEAD'), `ref: ${ref}\n`, { flush: true });
  return ok(undefined);
}

/** Writes the base commit's files. Nothing of the commit is executed: the clone's configuration is still ours. */
async function checkOut(request: WorkspaceRequest, folder: string): Promise<Result<void, Fault>> {
  const call = { gitDir: join(folder, '.git'), workTree: folder };
  const done = await gitBytes(['read-tree', '--reset', '-u', request.base], call);
  return done.ok ? ok(undefined) : done;
}

async function bringUntracked(request: WorkspaceRequest, folder: string): Promise<Result<Included, Fault>> {
  const excludes = (await readKept(join(request.hub, 'info', 'exclude'))) ?? '';
  const { include, hub, base } = request;
  const commit = include?.commit ?? base;
  // Of the base it has just been written, if there is one.
  const names = commit !== base || (await exists(join(folder, INCLUDE_FILE)));
  const included =
    include && names
      ? await includeUntracked({
          hub,
          commit,
          from: include.from,
          to: folder,
          scratch: stateOf(request),
        })
      : ok(NOTHING_INCLUDED);
  if (!included.ok) return included;
  // What was copied stays out of commits even where the repository forgot to ignore it.
  const patterns = included.value.copied.map(escapePattern).join('\n');
  await writeKept(join(stateOf(request), 'exclude'), `${patterns}\n`);
  await writeFile(join(folder, '.git', 'info', 'exclude'), `${excludes}\n${patterns}\n`);
  return included;
}

function checkRequest(request: WorkspaceRequest): Result<unknown, Fault> {
  const checks = [checkId(request.id), checkBranchName(request.branch), checkObjectId(request.base)];
  return checks.find((check) => !check.ok) ?? ok(undefined);
}

/** The plain description of a workspace, without what was only needed to make it. */
function described({ hub, path, id, branch, base }: WorkspaceRequest): Workspace {
  return { hub, path, id, branch, base };
}

/**
 * Makes an agent's workspace: a clone that borrows the hub's objects, on its own branch at `base`, without remotes or
 * hooks. A complete workspace that is already there is returned as it is, and a half-made one is never found at its
 * place. `base` must be in the hub. Fails with `bad-branch-name`, `bad-id`, `bad-commit` or `git-failed`.
 */
export async function createWorkspace(request: WorkspaceRequest): Promise<Result<CreatedWorkspace, Fault>> {
  const checked = checkRequest(request);
  return checked.ok ? inTurn(request, () => createInTurn(request)) : checked;
}

async function createInTurn(request: WorkspaceRequest): Promise<Result<CreatedWorkspace, Fault>> {
  const workspace = described(request);
  // It takes its place in one rename, so what is there is complete.
  const there = await readCloneHead(join(request.path, '.git'));
  if (there.ok) return ok({ workspace, included: NOTHING_INCLUDED });
  if (await exists(request.path)) return there;
  await rm(stateOf(request), { recursive: true, force: true });
  await mkdir(stateOf(request), { recursive: true });
  const folder = await siblingOf(request.path);
  const made = await initClone(request, folder);
  if (!made.ok) return made;
  const filled = await checkOut(request, folder);
  if (!filled.ok) return filled;
  const included = await bringUntracked(request, folder);
  if (!included.ok) return included;
  // The first look at the files is quick when it knows their sizes and times.
  await copyFile(join(folder, '.git', 'index'), join(stateOf(request), 'index'));
  await standsOn(request, request.base);
  await rename(folder, request.path);
  failpoint('workspace-created');
  return ok({ workspace, included: included.value });
}

/**
 * Removes a workspace after keeping what it holds: a snapshot of its files and every ref of its clone goes to the hub
 * as `refs/aios/snapshots/<id>` and `refs/aios/kept/<id>/*` first, and when that fails nothing is removed. A workspace
 * that is gone already is a success without a snapshot.
 */
export async function removeWorkspace(
  workspace: Workspace,
): Promise<Result<{ readonly snapshot: string | null }, Fault>> {
  const kept = (await exists(workspace.path)) ? await keepWorkspace(workspace, workspace.id) : ok(null);
  if (!kept.ok) return kept;
  await discardWorkspace(workspace);
  return ok({ snapshot: kept.value?.commit ?? null });
}

/** Removes a workspace and keeps nothing of it. Only for one in which nobody worked, such as a verification's. */
export async function discardWorkspace(workspace: Workspace): Promise<void> {
  forgetGround(workspace);
  forgetSnapshot(workspace);
  const doomed = join(dirname(workspace.path), `.${basename(workspace.path)}.gone`);
  await rm(doomed, { recursive: true, force: true });
  await rename(workspace.path, doomed).catch(() => undefined);
  await rm(doomed, { recursive: true, force: true });
  await rm(stateOf(workspace), { recursive: true, force: true });
}
