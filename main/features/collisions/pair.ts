import { type Glance, mergeTrees } from '#main/features/workspaces/index.ts';
import type { CollisionKind } from '#protocol/model/goal/collision.ts';

/** What two pieces of work do to each other: nothing, or a kind of collision with its paths. */
export type Meeting = {
  readonly kind: Extract<CollisionKind, 'conflict' | 'same-file'>;
  readonly files: string[];
} | null;

/** A trial merge; remembers pairs that have not changed. What git cannot compare collides with nothing. */
export interface Meetings {
  of(store: string, one: Glance, other: Glance): Promise<Meeting>;
  /** Against a commit that is no glance. */
  with(store: string, one: Glance, commit: string): Promise<Meeting>;
}

/** Pairs that are remembered: more than any goal has, few enough to forget nothing that matters. */
const REMEMBERED = 2_000;
/** Paths named for one collision. */
const MOST_FILES = 200;

/** See {@link Meetings}. */
export function createMeetings(): Meetings {
  const known = new Map<string, Meeting>();

  async function meet(store: string, one: string, other: string): Promise<Meeting> {
    const key = `${one} ${other}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const merged = await mergeTrees(store, one, other);
    if (!merged.ok) return null;
    const { clean, files, touched } = merged.value;
    const named = (paths: readonly string[]) => paths.slice(0, MOST_FILES);
    const found: Meeting = !clean
      ? { kind: 'conflict', files: named(files.length > 0 ? files : touched) }
      : touched.length > 0
        ? { kind: 'same-file', files: named(touched) }
        : null;
    known.set(key, found);
    const oldest = known.keys().next().value;
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return found;
  }

  return {
    of: (store, one, other) =>
      one.tree === other.tree ? Promise.resolve(null) : meet(store, one.commit, other.commit),
    with: (store, one, commit) =>
      one.parents.includes(commit) ? Promise.resolve(null) : meet(store, commit, one.commit),
  };
}
