import { goalRef } from '#main/features/merges/index.ts';
import { changesBetween, type FileChange, forkPoint, type Range, tipOf } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Comparison, compareFiles, type DiffStat, factsOf, takenOver } from '#protocol/model/compare.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';
import { textsOf } from '../texts.ts';
import { knownGoal } from './known-goal.ts';

/** Most files that are told apart. */
const MOST_FILES = 5_000;

/** What a goal has merged; where it began while that is nothing. */
async function resultOf(gitDir: string, goal: Goal): Promise<string> {
  const tip = await tipOf(gitDir, goalRef(goal));
  return tip.ok ? tip.value : goal.base;
}

function statOf(files: readonly FileChange[], total: number): DiffStat {
  const sum = (of: (file: FileChange) => number | null) => files.reduce((all, file) => all + (of(file) ?? 0), 0);
  return { files: total, additions: sum((file) => file.additions), deletions: sum((file) => file.deletions) };
}

/** What differs, without AIOS's own files: each goal keeps its plan in one, and that is no result. */
async function changedBetween(range: Range): Promise<Result<{ files: readonly FileChange[]; total: number }, Fault>> {
  const found = await changesBetween(range, MOST_FILES);
  if (!found.ok) return found;
  const files = found.value.files.filter((file) => !file.path.startsWith('.aios/plans/'));
  return ok({ files, total: found.value.total - (found.value.files.length - files.length) });
}

/** Two goals of one project side by side: what they took, and how their files differ. Changes nothing. */
export async function compare(parts: Parts, a: string, b: string): Promise<Result<Comparison, Fault>> {
  const one = knownGoal(parts, a);
  if (!one.ok) return one;
  const other = knownGoal(parts, b);
  if (!other.ok) return other;
  if (one.value.project !== other.value.project)
    return err(
      faultOf('other-project', 'These goals cannot be compared.', 'They are of two projects.', 'Choose two of one.'),
    );
  const gitDir = parts.places.hubOf(one.value.project);
  const [headA, headB] = [await resultOf(gitDir, one.value), await resultOf(gitDir, other.value)];
  const common = await forkPoint(gitDir, [headA, headB], one.value.base);
  const inA = await changedBetween({ gitDir, base: common, head: headA });
  if (!inA.ok) return inA;
  const inB = await changedBetween({ gitDir, base: common, head: headB });
  if (!inB.ok) return inB;
  const between = await changedBetween({ gitDir, base: headA, head: headB });
  if (!between.ok) return between;
  const paths = (files: readonly FileChange[]) =>
    files.flatMap((file) => (file.from === null ? [file.path] : [file.path, file.from]));
  const files = compareFiles(paths(inA.value.files), paths(inB.value.files), new Set(paths(between.value.files)));
  const budgets = parts.budgets.state();
  const now = parts.clock.now();
  const facts = (goal: Goal, against: Goal) => factsOf(goal, budgets, { taken: takenOver(goal, against), now });
  return ok({
    a: { ...facts(one.value, other.value), diff: statOf(inA.value.files, inA.value.total) },
    b: { ...facts(other.value, one.value), diff: statOf(inB.value.files, inB.value.total) },
    common,
    files: files.slice(0, MOST_FILES),
    total: files.length,
    texts: await textsOf(parts.engine, [one.value.text, other.value.text]),
  });
}
