import { z } from 'zod';
import type { Brief } from '../model/brief.ts';
import type { SaidWhy } from '../model/goal/why-words.ts';
import { base } from './base.ts';

const goal = z.string().min(1).max(100);

/** Longest time a brief looks back: a month, in milliseconds. */
export const LONGEST_BRIEF_MS = 31 * 24 * 60 * 60_000;

/** Questions about what is and what was. Nothing is changed by asking, and no model is called. */
export const insightContract = {
  /** Why things of a goal do not move, in words; without `about`, everything that stands still. */
  why: base
    .route({ method: 'GET', path: '/goals/why' })
    .input(
      z.object({
        goal,
        /** Id of a task, attempt, agent or item, or of the goal itself. */
        about: z.string().min(1).max(100).optional(),
      }),
    )
    .output(z.array(z.custom<SaidWhy>())),
  /** What was done, decided and spent lately, and what waits for the CEO. */
  brief: base
    .route({ method: 'GET', path: '/brief' })
    .input(
      z.object({
        sinceMs: z
          .number()
          .int()
          .min(60_000)
          .max(LONGEST_BRIEF_MS)
          .default(24 * 60 * 60_000),
      }),
    )
    .output(z.custom<Brief>()),
};
