import type { Performance } from '#main/engine/performer.ts';
import type { MergeParts } from './attempt-effects.ts';
import { checkCommit } from './check-commit.ts';
import type { Known } from './known.ts';
import { blamed, disagreement, otherSide } from './sides.ts';
import type { Synced } from './sync.ts';

/** With whom work disagrees about something git cannot see. */
export interface Disagreement {
  /** Attempts of the other side, the newest first. */
  readonly others: readonly string[];
  readonly otherFiles: readonly string[];
  /** For the author. */
  readonly said: string;
}

/**
 * Looks at a check that failed on the merged state: does the work pass alone? Then it is not wrong by itself, and whoever
 * merged meanwhile is the other side. Null when the work fails alone too, or nobody merged anything.
 */
export async function disagreementOf(
  parts: MergeParts,
  { performance, found }: { readonly performance: Performance; readonly found: Known },
  synced: Extract<Synced, { kind: 'synced' }>,
  commands: { readonly verify: string | null; readonly also: readonly string[]; readonly output: string },
): Promise<Disagreement | null> {
  const { goal, setup } = found;
  const { alone, tip } = synced;
  if (alone === null) return null;
  const hub = parts.places.hubOf(goal.project);
  const merged = await otherSide(goal, { hub, work: alone, tip });
  if (merged.attempts.length === 0) return null;
  const before = await checkCommit(parts, { performance, goal, setup, commit: alone }, commands.verify, commands.also);
  if (!before.passed) return null;
  const other = await blamed(hub, merged, commands.output);
  const others = other.attempts.map((each) => each.id);
  return { others, otherFiles: other.files, said: disagreement(goal, other) };
}
