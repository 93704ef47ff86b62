import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failpoint } from '#main/platform/failpoint.ts';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { moveCheckout } from './checkout.ts';
import { messageWith } from './commit.ts';
import type { Person } from './git.ts';
import { readRefs, syncHub, type UserRepository, updateRefs } from './hub.ts';
import { tipOf } from './merge.ts';
import { mergeTrees } from './merge-tree.ts';
import { checkBranchName } from './names.ts';
import { lockRefs } from './ref-transaction.ts';
import { createCommit, isAncestor } from './snapshot.ts';
import { transfer } from './transfer.ts';
import { conversionOf, readUserConfig } from './user-config.ts';

/** A goal that the CEO accepted. */
export interface AcceptRequest {
  /** Freshly inspected. */
  readonly repository: UserRepository;
  readonly hub: string;
  /** Full ref in the hub, for example `refs/heads/aios/login`. */
  readonly goalBranch: string;
  /** Short name of the user's branch that receives the work. */
  readonly targetBranch: string;
  /** Identifies this acceptance; becomes a trailer where a merge commit is needed. */
  readonly key: string;
  readonly message: string;
  readonly author: Person;
  /** Short name under which the goal's own branch appears in the user's repository; absent: it does not. */
  readonly publishAs?: string;
}

/** What accepting did. `already` means the target contained the goal before. */
export type Accepted =
  | {
      readonly kind: 'accepted';
      readonly commit: string;
      readonly previous: string;
      readonly how: 'fast-forward' | 'merge';
      /** The folder whose files were brought along, or null when the branch is checked out nowhere. */
      readonly checkout: string | null;
    }
  | { readonly kind: 'already'; readonly commit: string };

interface Checkout {
  readonly path: string;
  readonly gitDir: string;
}

const turns = keyedMutex();
const IN_PROGRESS = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply', 'BISECT_LOG'];

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that does by hand what was refused. */
function byHand(request: AcceptRequest, folder: string): string {
  const at = `git -C ${shellQuoted(folder)}`;
  return `${at} fetch ${shellQuoted(request.hub)} ${shellQuoted(request.goalBranch)} && ${at} merge FETCH_HEAD`;
}

function refused(request: AcceptRequest, folder: string, tag: string, why: string): Fault {
  const what = `The work was not brought to ${request.targetBranch}.`;
  return faultOf(
    tag,
    what,
    why,
    `Accept again when that is settled, or on ${request.targetBranch} run: ${byHand(request, folder)}`,
  );
}

/** Every checkout of a repository with its own git folder. Reads files only. */
async function checkouts(repository: UserRepository): Promise<Checkout[]> {
  const { commonDir, gitDir, topLevel } = repository;
  const linked = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  const found: Checkout[] = [];
  for (const name of linked) {
    const own = join(commonDir, 'worktrees', name);
    const file = (await readFile(join(own, 'gitdir'), 'utf8').catch(() => '')).trim();
    if (file.endsWith('/.git')) found.push({ path: file.slice(0, -'/.git'.length), gitDir: own });
  }
  if (gitDir === commonDir) return [{ path: topLevel, gitDir }, ...found];
  const main = commonDir.endsWith('/.git') ? [{ path: commonDir.slice(0, -'/.git'.length), gitDir: commonDir }] : [];
  return [...main, ...found.filter((each) => each.gitDir !== gitDir), { path: topLevel, gitDir }];
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** The checkout that shows the target branch, or null. Fails when an operation of the user is under way on it. */
async function checkoutOf(request: AcceptRequest): Promise<Result<Checkout | null, Fault>> {
  const wanted = `ref: refs/heads/${request.targetBranch}`;
  const showing: Checkout[] = [];
  for (const each of await checkouts(request.repository)) {
    const head = (await readFile(join(each.gitDir, 'HEAD'), 'utf8').catch(() => '')).trim();
    for (const folder of ['rebase-merge', 'rebase-apply']) {
      const rebased = (await readFile(join(each.gitDir, folder, 'head-name'), 'utf8').catch(() => '')).trim();
      if (rebased === wanted.slice(5))
        return err(refused(request, each.path, 'accept-busy', 'A rebase of it is under way.'));
    }
    if (head === wanted && (await exists(each.path))) showing.push(each);
  }
  const [only, second] = showing;
  if (!only) return ok(null);
  if (second) return err(refused(request, only.path, 'accept-busy', 'It is checked out in more than one folder.'));
  for (const name of IN_PROGRESS)
    if (await exists(join(only.gitDir, name)))
      return err(refused(request, only.path, 'accept-busy', `An operation of yours is under way there (${name}).`));
  return ok(only);
}

interface Target {
  readonly commit: string;
  readonly how: 'fast-forward' | 'merge';
}

/** The commit the target should get: the goal's own tip, or a merge of both made in the hub. */
async function computeTarget(request: AcceptRequest, previous: string, goal: string): Promise<Result<Target, Fault>> {
  const { hub, author, repository } = request;
  const forward = await isAncestor(hub, previous, goal);
  if (!forward.ok) return forward;
  if (forward.value) return ok({ commit: goal, how: 'fast-forward' });
  const merged = await mergeTrees(hub, previous, goal);
  if (!merged.ok) return merged;
  const { clean, tree, files } = merged.value;
  if (!clean)
    return err(
      refused(request, repository.topLevel, 'accept-conflict', `Both changed: ${files.slice(0, 20).join(', ')}`),
    );
  const message = messageWith(request.message, { 'AIOS-Accept': request.key });
  const commit = await createCommit(hub, { tree, parents: [previous, goal], message, author });
  return commit.ok ? ok({ commit: commit.value, how: 'merge' }) : commit;
}

async function bringObjects(request: AcceptRequest, commit: string): Promise<Result<void, Fault>> {
  const known = await readRefs({ gitDir: request.hub }, 'refs/user/heads/');
  if (!known.ok) return known;
  return transfer({
    from: { gitDir: request.hub },
    to: { gitDir: request.repository.commonDir },
    wants: [commit],
    haves: [...new Set(known.value.values())],
  });
}

async function showTarget(
  request: AcceptRequest,
  checkout: Checkout,
  from: string,
  to: string,
): Promise<Result<void, Fault>> {
  const { commonDir } = request.repository;
  const config = await readUserConfig(checkout.gitDir);
  if (!config.ok) return config;
  if (config.value.get('core.sparsecheckout') === 'true')
    return err(refused(request, checkout.path, 'checkout-in-the-way', 'The checkout is sparse.'));
  const conversion = conversionOf(config.value);
  const { path: topLevel, gitDir } = checkout;
  return moveCheckout({ hub: request.hub, topLevel, gitDir, commonDir, from, to, conversion });
}

async function moveTarget(request: AcceptRequest, previous: string, target: Target): Promise<Result<Accepted, Fault>> {
  const { repository, author } = request;
  const checkout = await checkoutOf(request);
  if (!checkout.ok) return checkout;
  const brought = await bringObjects(request, target.commit);
  if (!brought.ok) return brought;
  const move = { ref: `refs/heads/${request.targetBranch}`, to: target.commit, from: previous };
  const call = { gitDir: checkout.value?.gitDir ?? repository.commonDir, person: author };
  const locked = await lockRefs(call, [move], `aios: accept ${request.goalBranch.replace('refs/heads/', '')}`);
  if (!locked.ok) return locked;
  if (checkout.value) {
    const shown = await showTarget(request, checkout.value, previous, target.commit);
    if (!shown.ok) {
      await locked.value.abort();
      return err(refused(request, checkout.value.path, shown.error.tag, shown.error.why));
    }
  }
  const moved = await locked.value.commit();
  if (!moved.ok) return moved;
  return ok({ kind: 'accepted', ...target, previous, checkout: checkout.value?.path ?? null });
}

/** Shows the goal's branch in the user's repository; one of that name that went its own way is left alone. */
async function publish(request: AcceptRequest, goal: string): Promise<Result<void, Fault>> {
  const { publishAs, repository } = request;
  if (publishAs === undefined || !checkBranchName(publishAs).ok) return ok(undefined);
  const gitDir = repository.commonDir;
  const ref = `refs/heads/${publishAs}`;
  const there = await tipOf(gitDir, ref);
  if (!there.ok) return updateRefs(gitDir, [`create ${ref}\0${goal}`]);
  const forward = await isAncestor(gitDir, there.value, goal);
  const shown = await checkoutOf({ ...request, targetBranch: publishAs });
  if (!forward.ok || !forward.value || !shown.ok || shown.value) return ok(undefined);
  return updateRefs(gitDir, [`update ${ref}\0${goal}\0${there.value}`]);
}

async function acceptInTurn(request: AcceptRequest): Promise<Result<Accepted, Fault>> {
  const { repository, hub } = request;
  const previous = await tipOf(repository.commonDir, `refs/heads/${request.targetBranch}`);
  if (!previous.ok) return previous;
  const synced = await syncHub(hub, repository);
  if (!synced.ok) return synced;
  const goal = await tipOf(hub, request.goalBranch);
  if (!goal.ok) return goal;
  const contained = await isAncestor(hub, goal.value, previous.value);
  if (!contained.ok) return contained;
  const target = contained.value ? null : await computeTarget(request, previous.value, goal.value);
  if (target && !target.ok) return target;
  const done = target
    ? await moveTarget(request, previous.value, target.value)
    : ok({ kind: 'already', commit: previous.value } as const);
  if (!done.ok) return done;
  failpoint('accept-written');
  const published = await publish(request, goal.value);
  return published.ok ? done : published;
}

/**
 * Brings a goal's commits to a branch of the user, by fast-forward or by a merge computed in the hub. A checkout of that
 * branch follows when the user changed none of the paths concerned; otherwise nothing is changed and the fault's `next`
 * holds the command to run by hand. No hook or filter runs, and everything else of the user's stays untouched. Calling
 * it again, also after being killed, finishes what is left. Fails with `no-such-branch`, `accept-conflict`,
 * `accept-busy`, `checkout-in-the-way` or `branch-moved`.
 */
export function acceptGoal(request: AcceptRequest): Promise<Result<Accepted, Fault>> {
  return turns.run(request.repository.commonDir, () => acceptInTurn(request));
}
