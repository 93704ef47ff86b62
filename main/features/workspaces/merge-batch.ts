import { failpoint } from '#main/platform/failpoint.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { takeTogether } from './bisect.ts';
import type { Person } from './git.ts';
import { advance, inBranchTurn, mergedBefore, mergeOnto, tipOf, untilStill, type Verification } from './merge.ts';
import { isAncestor } from './snapshot.ts';

/** One commit of a batch. */
export interface BatchItem {
  readonly id: string;
  readonly commit: string;
  /** Identifies its merge for ever, as with a single merge. */
  readonly key: string;
  readonly message: string;
}

/** Commits to be merged into a goal's branch together, in order. */
export interface BatchRequest<V extends Verification> {
  readonly hub: string;
  readonly goalBranch: string;
  readonly items: readonly BatchItem[];
  readonly author: Person;
  readonly verify: (commit: string) => Promise<V>;
  /** Asked just before the branch moves: false for an item that was taken back meanwhile. */
  readonly wanted: (id: string) => boolean;
}

/** How one item ended. `alone`: it conflicts with what it would come after, and is to be merged by itself. */
export type BatchEnd<V extends Verification> =
  | { readonly kind: 'merged'; readonly commit: string }
  | { readonly kind: 'nothing'; readonly tip: string }
  | { readonly kind: 'rejected'; readonly verification: V }
  | { readonly kind: 'alone' };

interface Chain {
  readonly head: string;
  readonly merged: ReadonlyMap<string, string>;
  readonly alone: readonly string[];
}

/** Merges items one on top of the other, each with a merge commit of its own; what conflicts is left out. */
async function chain(
  request: BatchRequest<Verification>,
  from: string,
  items: readonly BatchItem[],
): Promise<Result<Chain, Fault>> {
  const merged = new Map<string, string>();
  const alone: string[] = [];
  let head = from;
  for (const item of items) {
    const made = await mergeOnto({ ...request, ...item }, head);
    if (!made.ok) return made;
    if (made.value.kind === 'conflict') alone.push(item.id);
    else {
      head = made.value.commit;
      merged.set(item.id, head);
    }
  }
  return ok({ head, merged, alone });
}

type Ends<V extends Verification> = Map<string, BatchEnd<V>>;

/** What a killed call has merged already, and what is there without merging, needs nothing more. */
async function endedBefore<V extends Verification>(
  request: BatchRequest<V>,
  tip: string,
  ends: Ends<V>,
): Promise<Result<BatchItem[], Fault>> {
  const open: BatchItem[] = [];
  for (const item of request.items) {
    const before = await mergedBefore({ hub: request.hub, key: item.key }, tip);
    if (!before.ok) return before;
    if (before.value) {
      ends.set(item.id, { kind: 'merged', commit: before.value.commit });
      continue;
    }
    const contained = await isAncestor(request.hub, item.commit, tip);
    if (!contained.ok) return contained;
    if (contained.value) ends.set(item.id, { kind: 'nothing', tip });
    else open.push(item);
  }
  return ok(open);
}

async function batchOnce<V extends Verification>(request: BatchRequest<V>): Promise<Result<Ends<V>, Fault>> {
  const { hub, goalBranch } = request;
  const tip = await tipOf(hub, goalBranch);
  if (!tip.ok) return tip;
  const ends: Ends<V> = new Map();
  const open = await endedBefore(request, tip.value, ends);
  if (!open.ok) return open;
  let good = tip.value;

  /** Verifies a group on top of what is good; when it passes, the branch moves there. */
  async function take(group: readonly BatchItem[]): Promise<Result<V | null, Fault>> {
    const wanted = group.filter((item) => request.wanted(item.id));
    const made = await chain(request, good, wanted);
    if (!made.ok) return made;
    const { head, merged, alone } = made.value;
    failpoint('merge-computed');
    const verification = merged.size === 0 ? null : await request.verify(head);
    if (verification && !verification.passed) return ok(verification);
    // Taken back while it was verified: the others are tried without it.
    if (wanted.some((item) => !request.wanted(item.id))) return take(wanted);
    const moved = merged.size === 0 ? ok(undefined) : await advance(hub, goalBranch, head, good);
    if (!moved.ok) return moved;
    failpoint('merge-written');
    good = head;
    for (const [id, commit] of merged) ends.set(id, { kind: 'merged', commit });
    for (const id of alone) ends.set(id, { kind: 'alone' });
    return ok(null);
  }

  const settled = await takeTogether(open.value, take);
  if (!settled.ok) return settled;
  for (const { item, failure } of settled.value.culprits)
    ends.set(item.id, { kind: 'rejected', verification: failure });
  return ok(ends);
}

/**
 * Merges several commits into a goal's branch, verified together and moved there at once. When together they fail, they
 * are halved until those that fail on top of the good ones stand alone; the good ones are merged. An item taken back
 * meanwhile has no end. Killed at any instant and called again with the same keys, each is merged once. Fails like a
 * single merge.
 */
export function mergeBatch<V extends Verification>(
  request: BatchRequest<V>,
): Promise<Result<ReadonlyMap<string, BatchEnd<V>>, Fault>> {
  return inBranchTurn(request, () => untilStill(() => batchOnce(request)));
}
