import { branchOf } from './branch.ts';
import type { Boundary } from './fork.ts';
import { PLANNED } from './kinds.ts';
import type { TaskSpec } from './spec.ts';
import type { Goal, Task } from './state.ts';

/** A {@link Boundary} with the commit it is at, and when it was (wall-clock milliseconds). */
export interface PlacedBoundary {
  readonly at: Boundary;
  readonly commit: string;
  readonly when: number;
  /** The task it is about; null at the start. */
  readonly task: string | null;
}

/** Every moment a goal can be forked from, oldest first. Of a past state: those up to then. */
export function boundariesOf(goal: Goal): PlacedBoundary[] {
  if (goal.status === null) return [];
  const placed: PlacedBoundary[] = [{ at: { kind: 'start' }, commit: goal.base, when: goal.statedAt, task: null }];
  for (const { id, task, base, mergeCommit, startedAt, changedAt } of Object.values(goal.attempts)) {
    if (base !== null) placed.push({ at: { kind: 'attempt', attempt: id }, commit: base, when: startedAt, task });
    if (mergeCommit === null) continue;
    const when = goal.tasks[task]?.endedAt ?? changedAt;
    placed.push({ at: { kind: 'merge', attempt: id }, commit: mergeCommit, when, task });
  }
  return placed.sort((one, other) => one.when - other.when);
}

const nameOf = (at: Boundary) => (at.kind === 'start' ? 'start' : `${at.kind}:${at.attempt}`);

/** The boundary that is meant, with its commit; undefined when the goal has no such moment. */
export function placeBoundary(goal: Goal, at: Boundary): PlacedBoundary | undefined {
  return boundariesOf(goal).find((each) => nameOf(each.at) === nameOf(at));
}

/** The moment up to which merges are in a boundary's commit. Its own time says too little where work began later. */
function momentOf(goal: Goal, { at, commit, when }: PlacedBoundary): number {
  if (at.kind === 'start') return Number.NEGATIVE_INFINITY;
  if (at.kind === 'merge') return when;
  if (commit === goal.base) return Number.NEGATIVE_INFINITY;
  // An attempt begins at the goal's tip, which is a merge, unless a hunk was taken out of it since.
  return boundariesOf(goal).find((each) => each.at.kind === 'merge' && each.commit === commit)?.when ?? when;
}

/** Nodes of the plan that are done in a boundary's commit. */
export function doneAt(goal: Goal, placed: PlacedBoundary): Set<string> {
  const moment = momentOf(goal, placed);
  const done = Object.values(goal.tasks).filter(
    ({ kind, status, endedAt }) => PLANNED.has(kind) && status === 'done' && endedAt !== null && endedAt <= moment,
  );
  return new Set(done.map((task) => task.id));
}

/** A node that a fork does again, with what still holds of its place in the plan. */
export interface LeftTask {
  readonly task: Task;
  readonly dependsOn: readonly string[];
  readonly spec: TaskSpec | undefined;
}

/** Children that a fan-out made of the items another task named. */
function isGenerated(goal: Goal, child: Task): boolean {
  const each = goal.tasks[child.spec?.parent ?? '']?.spec?.each;
  const items = goal.tasks[each?.from ?? '']?.items ?? [];
  return items.some((item) => item.id === child.title.id);
}

function isLeft(task: Task, done: ReadonlySet<string>): boolean {
  if (!PLANNED.has(task.kind) || done.has(task.id)) return false;
  // A branch that was not taken may be taken, if what it depends on is done again.
  if (task.status === 'cancelled') return task.skipped === true && !done.has(task.spec?.onlyIf?.task ?? task.id);
  return true;
}

/** What is left of the plan behind a boundary, so that it fits together without what is done. */
export function leftAfter(goal: Goal, done: ReadonlySet<string>): LeftTask[] {
  const first = Object.values(goal.tasks).filter((task) => isLeft(task, done));
  const ids = new Set(first.map((task) => task.id));
  const repeats = (task: Task) => {
    const from = goal.tasks[task.spec?.parent ?? '']?.spec?.each?.from;
    return from !== undefined && ids.has(from) && isGenerated(goal, task);
  };
  // What is decided already stays decided.
  const isOff = ({ spec }: Task) => spec?.onlyIf !== undefined && !ids.has(spec.onlyIf.task);
  const kept = first.filter((task) => !repeats(task) && !(isOff(task) && branchOf(goal, task) === 'skip'));
  const left = new Set(kept.map((task) => task.id));
  return kept.map((task) => {
    const { parent, onlyIf, each, need, ...rest } = task.spec ?? {};
    const dependsOn = task.dependsOn.filter((on) => left.has(on));
    const met = task.dependsOn.length - dependsOn.length;
    const spec: TaskSpec = {
      ...rest,
      ...(parent !== undefined && left.has(parent) ? { parent } : {}),
      ...(onlyIf !== undefined && left.has(onlyIf.task) ? { onlyIf } : {}),
      ...(each !== undefined && left.has(each.from) ? { each } : {}),
      ...(need !== undefined && need > met ? { need: need - met } : {}),
    };
    const enough = need !== undefined && need <= met;
    return { task, dependsOn: enough ? [] : dependsOn, spec: Object.keys(spec).length === 0 ? undefined : spec };
  });
}
