import { z } from 'zod';
import type { AgentRecord } from './parts.ts';
import type { Attempt, Goal, Task } from './state.ts';

/**
 * How attempts of one role with one model went, in one area of the code (a hash of its top folder; null: anywhere) and
 * for one size of task (null: any). `tokens`: of all of them.
 */
export const experience = z.strictObject({
  role: z.string(),
  model: z.string(),
  area: z.string().nullable(),
  effort: z.enum(['small', 'medium', 'large']).nullable(),
  tried: z.number().int().nonnegative(),
  merged: z.number().int().nonnegative(),
  tokens: z.number().nonnegative(),
});

/** See {@link experience}. */
export type Experience = z.infer<typeof experience>;

/** Why an agent got a task. `only`: nobody else could. `load`: nothing is known that tells them apart. */
export const assignmentReason = z.strictObject({
  rule: z.enum(['only', 'load', 'expertise']),
  /** Agents that could have taken it then. */
  among: z.number().int().positive(),
  /** Chance of success expected of it and of the next best, 0 to 1. */
  chance: z.number().nullable(),
  next: z.number().nullable(),
  /** Attempts that speak for it. */
  seen: z.number().int().nonnegative(),
});

/** See {@link assignmentReason}. */
export type AssignmentReason = z.infer<typeof assignmentReason>;

const tokensOf = (goal: Goal, attempt: Attempt) =>
  attempt.runs.reduce((sum, id) => {
    const usage = goal.runs[id]?.usage;
    return sum + (usage ? usage.input + usage.output : 0);
  }, 0);

/** An attempt that says something of its agent: merged or failed. One that was let go or taken back does not. */
function lessonOf(goal: Goal, attempt: Attempt): boolean | null {
  if (goal.tasks[attempt.task]?.kind !== 'work') return null;
  if (attempt.status === 'merged') return true;
  return attempt.status === 'failed' ? false : null;
}

const keyOf = (each: Pick<Experience, 'role' | 'model' | 'area' | 'effort'>) =>
  `${each.role}\0${each.model}\0${each.area ?? ''}\0${each.effort ?? ''}`;

/** Adds up experiences of the same kind. */
export function pooled(all: readonly Experience[]): Experience[] {
  const sums = new Map<string, Experience>();
  for (const each of all) {
    const key = keyOf(each);
    const sum = sums.get(key);
    sums.set(
      key,
      sum === undefined
        ? each
        : { ...sum, tried: sum.tried + each.tried, merged: sum.merged + each.merged, tokens: sum.tokens + each.tokens },
    );
  }
  return [...sums.values()];
}

/** What the attempts of a goal taught, by role and model: in each area they touched, and in all. */
export function lessonsOf(goal: Goal): Experience[] {
  const lessons = Object.values(goal.attempts).flatMap((attempt): Experience[] => {
    const merged = lessonOf(goal, attempt);
    const agent = goal.agents[attempt.agent];
    if (merged === null || !agent) return [];
    const effort = goal.tasks[attempt.task]?.spec?.effort ?? null;
    const areas = new Set([null, ...(attempt.areas ?? goal.tasks[attempt.task]?.spec?.areas ?? [])]);
    const one = {
      role: agent.role,
      model: agent.model,
      tried: 1,
      merged: merged ? 1 : 0,
      tokens: tokensOf(goal, attempt),
    };
    return [...areas].flatMap((area) =>
      [...new Set([null, effort])].map((size): Experience => ({ ...one, area, effort: size })),
    );
  });
  return pooled(lessons);
}

/** An agent with the chance of success expected of it. */
export interface Ranked {
  readonly agent: string;
  readonly chance: number;
  readonly seen: number;
  /** Tokens an attempt of its kind takes; null: nothing known. */
  readonly tokens: number | null;
}

/** Attempts' worth of belief that the broader experience counts for the narrower one. */
const PRIOR = 4;
/** Chance of success before anything is known. */
const UNKNOWN = 0.7;

/**
 * Chance that an agent's attempt at a task is merged: the rate in the task's areas and size, drawn towards the rate of
 * its role and model as a whole, drawn towards what holds before anything is known (a Beta prior at each step).
 */
export function chanceFor(known: readonly Experience[], agent: AgentRecord, task: Task): Ranked {
  const own = known.filter((each) => each.role === agent.role && each.model === agent.model);
  const rate = (all: readonly Experience[], prior: number) => {
    const tried = all.reduce((sum, each) => sum + each.tried, 0);
    const merged = all.reduce((sum, each) => sum + each.merged, 0);
    return { tried, rate: (merged + PRIOR * prior) / (tried + PRIOR) };
  };
  const whole = own.filter((each) => each.area === null && each.effort === null);
  const overall = rate(whole, UNKNOWN);
  const areas = new Set(task.spec?.areas ?? []);
  const effort = task.spec?.effort ?? null;
  const near = own.filter((each) => each.area !== null && areas.has(each.area) && each.effort === effort);
  const local = rate(near, overall.rate);
  const spent = whole.reduce((sum, each) => sum + each.tokens, 0);
  return {
    agent: agent.id,
    chance: local.rate,
    seen: overall.tried + local.tried,
    tokens: overall.tried === 0 ? null : spent / overall.tried,
  };
}

/** Below this difference in chance two agents are taken for the same, and load decides. */
const CLEAR = 0.03;

/** Which of agents that are free gets a task, and why. `load`: attempts each ever had in this goal. */
export function choose(
  goal: Goal,
  known: readonly Experience[],
  task: Task,
  free: ReadonlyArray<{ readonly agent: string; readonly load: number }>,
): { readonly agent: string; readonly reason: AssignmentReason } | undefined {
  const ranked = free.flatMap(({ agent, load }) => {
    const record = goal.agents[agent];
    return record ? [{ ...chanceFor(known, record, task), load }] : [];
  });
  const best = Math.max(...ranked.map((each) => each.chance));
  const close = ranked.filter((each) => best - each.chance <= CLEAR);
  // Among equals: whoever has had least, then who needs fewest tokens.
  const [first] = close.sort((a, b) => a.load - b.load || (a.tokens ?? 0) - (b.tokens ?? 0));
  if (!first) return undefined;
  const others = ranked.filter((each) => each.agent !== first.agent).map((each) => each.chance);
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const clear = close.length < ranked.length;
  return {
    agent: first.agent,
    reason: {
      rule: ranked.length === 1 ? 'only' : clear ? 'expertise' : 'load',
      among: ranked.length,
      chance: round(first.chance),
      next: others.length === 0 ? null : round(Math.max(...others)),
      seen: first.seen,
    },
  };
}
