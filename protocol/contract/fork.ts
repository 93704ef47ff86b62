import { z } from 'zod';
import type { Comparison } from '../model/compare.ts';
import { boundary } from '../model/goal/fork.ts';
import { base, commandId } from './base.ts';
import { GOAL_TEXT_LIMIT } from './limits.ts';
import { TASKS_AT_ONCE, writtenTask } from './plan.ts';

const goal = z.string().min(1).max(100);
const role = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** A goal once more, from a boundary on, with something changed. What is not given is as it was. */
export const newFork = z.object({
  goal,
  at: boundary,
  /** What is wanted, in other words. */
  text: z.string().max(GOAL_TEXT_LIMIT).optional(),
  /** Models by role. */
  models: z.record(role, z.string().trim().min(1).max(200)).default({}),
  /**
   * `same`: what was not done at the boundary is done again. `replan`: the Lead plans anew (an agent alone begins anew).
   * Else these tasks; a key that is a task's id of the other goal says that it repeats that one.
   */
  plan: z
    .union([
      z.literal('same'),
      z.literal('replan'),
      z.object({ tasks: z.array(writtenTask).min(1).max(TASKS_AT_ONCE) }),
    ])
    .default('same'),
  /** Its own; nothing is taken from the other goal's. */
  capUsd: z.number().positive().max(1_000_000).optional(),
  mode: z.enum(['ask', 'go']).optional(),
  command: commandId,
});

/** Forks, and what came of them. */
export const forkContract = {
  fork: base
    .route({ method: 'POST', path: '/goals/fork' })
    .input(newFork)
    .output(
      z.object({
        goal: z.string(),
        sequence: z.number(),
        commit: z.string(),
        /** Nano-dollars it may spend. */
        capNanos: z.number(),
      }),
    ),
  /** Two goals of one project side by side. */
  compare: base
    .route({ method: 'GET', path: '/goals/compare' })
    .input(z.object({ a: goal, b: goal }))
    .output(z.custom<Comparison>()),
};

/** See {@link newFork}. */
export type NewFork = z.input<typeof newFork>;
