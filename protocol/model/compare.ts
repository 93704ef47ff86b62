import type { Budgets } from './budget/state.ts';
import type { ForkedFrom } from './goal/fork.ts';
import { PLANNED } from './goal/kinds.ts';
import type { Goal } from './goal/state.ts';
import type { PayloadRef } from './payload.ts';

/** What a goal took and came to. Money in nano-dollars, times in milliseconds. */
export interface GoalFacts {
  readonly goal: string;
  readonly text: PayloadRef | null;
  readonly status: Goal['status'];
  readonly ledger: Goal['ledger'];
  readonly forkedFrom: ForkedFrom | null;
  /** All that was settled for it. */
  readonly spent: number;
  /** The part of that which went into tasks the other goal took over, so did not have to pay. */
  readonly spentBefore: number;
  /** From its statement to its end, or to now while it has none. */
  readonly wallMs: number;
  readonly attempts: number;
  readonly runs: number;
  /** Calls of a model that were settled. */
  readonly calls: number;
  readonly tokens: { readonly input: number; readonly output: number; readonly cache: number };
  readonly tasks: { readonly done: number; readonly failed: number; readonly open: number };
  /** Attempts by the result of their last check. */
  readonly checks: { readonly passed: number; readonly failed: number };
  /** Whether the check of the whole has passed. */
  readonly whole: boolean;
  readonly models: readonly string[];
}

/** One file that one or both results change against their common commit. */
export interface ComparedFile {
  readonly path: string;
  readonly in: 'a' | 'b' | 'both-same' | 'both-different';
}

/** How much a result changes against the common commit. Null counts are binary files. */
export interface DiffStat {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
}

/** One side of a comparison. */
export interface ComparedGoal extends GoalFacts {
  readonly diff: DiffStat;
}

/** Two goals of one project side by side. */
export interface Comparison {
  readonly a: ComparedGoal;
  readonly b: ComparedGoal;
  /** The newest commit that both results have. */
  readonly common: string;
  readonly files: readonly ComparedFile[];
  /** How many files there are; `files` may hold fewer. */
  readonly total: number;
  /** Texts the facts refer to, by payload id. */
  readonly texts: Readonly<Record<string, string>>;
}

function count<T>(all: readonly T[], test: (each: T) => boolean): number {
  return all.reduce((sum, each) => sum + (test(each) ? 1 : 0), 0);
}

/** The tasks of a goal that another one took over by being forked from it. */
export function takenOver(goal: Goal, other: Goal): readonly string[] {
  return other.forkedFrom?.goal === goal.id ? other.forkedFrom.done : [];
}

/** The facts of one goal. Pure; `taken`: its tasks that the other goal did not have to do. */
export function factsOf(goal: Goal, budgets: Budgets, parts: { taken: readonly string[]; now: number }): GoalFacts {
  const node = budgets.nodes[`goal/${goal.id}`];
  const attempts = Object.values(goal.attempts);
  const runs = Object.values(goal.runs);
  const tasks = Object.values(goal.tasks).filter((task) => PLANNED.has(task.kind));
  const sum = (of: (usage: NonNullable<(typeof runs)[number]['usage']>) => number) =>
    runs.reduce((total, run) => total + (run.usage ? of(run.usage) : 0), 0);
  return {
    goal: goal.id,
    text: goal.text,
    status: goal.status,
    ledger: goal.ledger,
    forkedFrom: goal.forkedFrom,
    spent: node?.spent ?? 0,
    spentBefore: parts.taken.reduce((total, id) => total + (budgets.nodes[`task/${id}`]?.spent ?? 0), 0),
    wallMs: Math.max(0, (goal.endedAt ?? parts.now) - goal.statedAt),
    attempts: attempts.length,
    runs: runs.length,
    calls: node?.calls ?? 0,
    tokens: {
      input: sum((usage) => usage.input),
      output: sum((usage) => usage.output),
      cache: sum((usage) => usage.cacheRead + usage.cacheWrite),
    },
    tasks: {
      done: count(tasks, (task) => task.status === 'done'),
      failed: count(tasks, (task) => task.status === 'failed'),
      open: count(tasks, (task) => !['done', 'failed', 'cancelled'].includes(task.status)),
    },
    checks: {
      passed: count(attempts, (each) => each.check?.result === 'passed'),
      failed: count(
        attempts,
        (each) => each.check !== null && ['failed', 'conflict', 'error'].includes(each.check.result),
      ),
    },
    whole: goal.tip !== null && (goal.status === 'ready' || goal.status === 'accepted'),
    models: [...new Set(Object.values(goal.agents).map((agent) => agent.model))].sort(),
  };
}

/** Pairs the files two results change; `differ`: paths at which the results are not the same. Sorted by path. */
export function compareFiles(a: readonly string[], b: readonly string[], differ: ReadonlySet<string>): ComparedFile[] {
  const inA = new Set(a);
  const inB = new Set(b);
  return [...new Set([...a, ...b])].sort().map((path): ComparedFile => {
    if (!inB.has(path)) return { path, in: 'a' };
    if (!inA.has(path)) return { path, in: 'b' };
    return { path, in: differ.has(path) ? 'both-different' : 'both-same' };
  });
}
