import { changedPaths, diffText, gitText } from '#main/features/workspaces/index.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';

/** What was merged since some work began: by whom, and what it changed. */
export interface OtherSide {
  /** Attempts, the newest first. */
  readonly attempts: readonly Attempt[];
  readonly files: readonly string[];
  /** Where the two sides part. */
  readonly base: string;
}

/** Both ends in one repository. */
export interface Ends {
  readonly hub: string;
  /** A commit of the work. */
  readonly work: string;
  readonly tip: string;
}

const SIDE_LIMIT = 4_000;
const MOST_FILES = 40;

/** Looks at what a goal's branch has that the work has not. Never fails: what git cannot say is left out. */
export async function otherSide(goal: Goal, { hub, work, tip }: Ends): Promise<OtherSide> {
  const listed = await gitText(['rev-list', '--first-parent', '--merges', tip, `^${work}`, '--'], { gitDir: hub });
  const merges = listed.ok ? listed.value.split('\n') : [];
  const all = Object.values(goal.attempts);
  const attempts = merges.flatMap((commit) => all.find((attempt) => attempt.mergeCommit === commit) ?? []);
  const parted = await gitText(['merge-base', work, tip], { gitDir: hub });
  const base = parted.ok ? parted.value : goal.base;
  const changed = await changedPaths({ gitDir: hub, base, head: tip });
  return { attempts, files: changed.ok ? changed.value.map((each) => each.path) : [], base };
}

const MOST_LOOKED_AT = 12;

/**
 * The part of the other side that the output of a failed check speaks of: whose changed files it names. All of it where
 * it names none.
 */
export async function blamed(hub: string, other: OtherSide, output: string): Promise<OtherSide> {
  const looked = await Promise.all(
    other.attempts.slice(0, MOST_LOOKED_AT).map(async (attempt) => {
      const head = attempt.mergeCommit ?? '';
      const changed = await changedPaths({ gitDir: hub, base: `${head}^1`, head });
      const files = changed.ok ? changed.value.map((each) => each.path) : [];
      return { attempt, files, named: files.some((file) => output.includes(file)) };
    }),
  );
  const named = looked.filter((each) => each.named);
  if (named.length === 0) return other;
  return { ...other, attempts: named.map((each) => each.attempt), files: named.flatMap((each) => each.files) };
}

/** Who the other side is, for an agent or the CEO. */
export function namesOf(goal: Goal, { attempts }: OtherSide): string {
  const names = [...new Set(attempts.map((attempt) => goal.agents[attempt.agent]?.name ?? attempt.agent))];
  return names.length === 0 ? 'others' : names.join(' and ');
}

/** Both sides of a conflict, as far as a prompt or an inbox has room. */
export async function bothSides(
  goal: Goal,
  { hub, work, tip }: Ends,
  other: OtherSide,
  files: readonly string[],
): Promise<string> {
  const paths = files.slice(0, MOST_FILES);
  const side = async (head: string) => {
    const diff = await diffText({ gitDir: hub, base: other.base, head }, SIDE_LIMIT, paths);
    if (!diff.ok) return '(the difference could not be made)';
    return `${diff.value.text.trimEnd() || '(nothing in these files)'}${diff.value.truncated ? '\n[cut]' : ''}`;
  };
  return `What ${namesOf(goal, other)} merged there:\n${await side(tip)}\n\nWhat this work does there:\n${await side(work)}`;
}

/** For the author whose work passed alone and fails together with what others merged. */
export function disagreement(goal: Goal, other: OtherSide): string {
  if (other.attempts.length === 0) return '';
  const names = namesOf(goal, other);
  const files = other.files.slice(0, MOST_FILES).map((file) => `- ${file}`);
  return `\n\nYour work passed its check, and so did what ${names} merged meanwhile; together they fail. Agree with ${names} what should hold before you change more: use propose or ask.\nWhat ${names} changed:\n${files.join('\n')}`;
}
