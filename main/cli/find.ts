import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type World, worldOf } from '#protocol/model/world.ts';

/** The one id that is meant: exact, or the only one that starts or ends like this. */
export function pickId(ids: readonly string[], given: string, what: string): Result<string, Fault> {
  if (ids.includes(given)) return ok(given);
  const like = given.length < 3 ? [] : ids.filter((id) => id.startsWith(given) || id.endsWith(given));
  const [only] = like;
  if (only !== undefined && like.length === 1) return ok(only);
  const why =
    like.length > 1
      ? `Several fit: ${like.slice(0, 5).join(', ')}.`
      : ids.length === 0
        ? 'There is none.'
        : `There are: ${ids.slice(-5).join(', ')}.`;
  return err(faultOf(`no-such-${what}`, `There is no ${what} "${given}".`, why, 'Look at `aios status`.'));
}

/** The world as it is now. */
export async function worldNow(operations: Operations): Promise<Result<World, Fault>> {
  const snapshot = await operations.feed.snapshot(undefined, undefined);
  return snapshot.ok ? ok(worldOf(snapshot.value)) : snapshot;
}
