import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';

/** Items that were taken, and those that failed on top of what was taken before them, with what the failure said. */
export interface Settled<T, V> {
  readonly taken: readonly T[];
  readonly culprits: ReadonlyArray<{ readonly item: T; readonly failure: V }>;
}

/**
 * Takes as many items as go together, in order. `take` tries a group on top of all taken so far: null takes the whole
 * group, a failure takes none of it. A group that fails is halved until the culprits stand alone, so that `count` items
 * with `bad` culprits need at most `1 + 2 * bad * ceil(log2(count))` tries, and never more than `2 * count - 1`. The
 * first fault ends it.
 */
export async function takeTogether<T, V>(
  items: readonly T[],
  take: (group: readonly T[]) => Promise<Result<V | null, Fault>>,
): Promise<Result<Settled<T, V>, Fault>> {
  const taken: T[] = [];
  const culprits: Array<{ item: T; failure: V }> = [];

  /** `failed`: what the whole group is known to do on top of what is taken; null when that is not known. */
  async function settle(group: readonly T[], failed: V | null): Promise<Result<void, Fault>> {
    const tried = failed === null ? await take(group) : ok(failed);
    if (!tried.ok) return tried;
    const failure = tried.value;
    if (failure === null) {
      taken.push(...group);
      return ok(undefined);
    }
    const [item] = group;
    if (group.length === 1 && item !== undefined) {
      culprits.push({ item, failure });
      return ok(undefined);
    }
    const middle = group.length >> 1;
    const before = culprits.length;
    const left = await settle(group.slice(0, middle), null);
    if (!left.ok) return left;
    // With all of the left half taken, the right half makes exactly the group that failed.
    return settle(group.slice(middle), culprits.length === before ? failure : null);
  }

  if (items.length > 0) {
    const done = await settle(items, null);
    if (!done.ok) return done;
  }
  return ok({ taken, culprits });
}
