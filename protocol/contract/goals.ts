import { z } from 'zod';
import { handoffCause } from '../model/goal/handoff.ts';
import { answer, assignee } from '../model/goal/parts.ts';
import type { Goal } from '../model/goal/state.ts';
import { base, commandId, done } from './base.ts';
import { forkContract } from './fork.ts';
import { insightContract } from './insight.ts';
import { GOAL_IMAGE_BYTES, GOAL_IMAGES } from './limits.ts';

const goal = z.string().min(1).max(100);
const id = z.string().min(1).max(100);

export { GOAL_TEXT_LIMIT } from './limits.ts';

/** A picture that belongs to a goal: a sketch, a screenshot. */
export const goalImage = z.object({
  name: z.string().trim().min(1).max(200),
  /** PNG, JPEG, WebP or GIF, in base64. */
  content: z.base64().max(Math.ceil(GOAL_IMAGE_BYTES / 3) * 4),
});

/** A new goal. */
export const newGoal = z.object({
  path: z.string().min(1).max(4_096),
  text: z.string(),
  /** Name of a shipped crew or path of a crew file. */
  crew: z.string().max(4_096).default('default'),
  /** One role alone, without a Lead. */
  agent: z.string().max(100).optional(),
  /** A shipped plan template, instead of a plan by the Lead. */
  template: z.string().max(60).optional(),
  /** No plan and no first task: the CEO writes the tasks and hands them out. `text` names the board. */
  board: z.boolean().default(false),
  mode: z.enum(['ask', 'go']).default('ask'),
  capUsd: z.number().positive().max(1_000_000).optional(),
  runCapUsd: z.number().positive().max(1_000_000).optional(),
  turns: z.number().int().positive().max(10_000).optional(),
  minutes: z.number().positive().max(10_000).optional(),
  model: z.string().max(200).optional(),
  /** Branch of the user's to start from and to merge into; default: the one checked out. */
  base: z.string().max(250).optional(),
  upstream: z.string().max(60).default('default'),
  /** Agents see them by `fetch_artifact`; the text of the goal names them. */
  images: z.array(goalImage).max(GOAL_IMAGES).default([]),
  command: commandId,
});

/** Goals and everything the CEO does to them. */
export const goalsContract = {
  ...insightContract,
  ...forkContract,
  state: base
    .route({ method: 'POST', path: '/goals' })
    .input(newGoal)
    .output(z.object({ goal: z.string(), sequence: z.number() })),
  images: base
    .route({ method: 'GET', path: '/goals/images' })
    .input(z.object({ goal }))
    .output(z.array(goalImage.extend({ type: z.string() }))),
  list: base.route({ method: 'GET', path: '/goals' }).output(z.array(z.custom<Goal>())),
  stop: base
    .route({ method: 'POST', path: '/goals/stop' })
    .input(z.object({ goal, command: commandId }))
    .output(done),
  pause: base
    .route({ method: 'POST', path: '/goals/pause' })
    .input(z.object({ goal, command: commandId }))
    .output(done),
  continue: base
    .route({ method: 'POST', path: '/goals/continue' })
    .input(z.object({ goal, command: commandId }))
    .output(done),
  approvePlan: base
    .route({ method: 'POST', path: '/goals/approve-plan' })
    .input(z.object({ goal, command: commandId }))
    .output(done),
  accept: base
    .route({ method: 'POST', path: '/goals/accept' })
    .input(z.object({ goal, target: z.string().max(250).optional(), command: commandId }))
    .output(z.object({ result: z.enum(['accepted', 'refused']), detail: z.string(), commit: z.string().nullable() })),
  setCap: base
    .route({ method: 'POST', path: '/goals/cap' })
    .input(z.object({ goal, usd: z.number().nonnegative().max(1_000_000), attempt: id.optional(), command: commandId }))
    .output(done),
  addTask: base
    .route({ method: 'POST', path: '/goals/tasks' })
    .input(
      z.object({
        goal,
        title: z.string().min(1).max(200),
        brief: z.string().min(1).max(20_000),
        assignee,
        dependsOn: z.array(id).max(100).default([]),
        command: commandId,
      }),
    )
    .output(done),
  cancelTask: base
    .route({ method: 'POST', path: '/goals/tasks/cancel' })
    .input(z.object({ goal, task: id, command: commandId }))
    .output(done),
  retryTask: base
    .route({ method: 'POST', path: '/goals/tasks/retry' })
    .input(z.object({ goal, task: id, command: commandId }))
    .output(done),
  answer: base
    .route({ method: 'POST', path: '/inbox/answer' })
    .input(z.object({ goal, item: id, answer, text: z.string().max(50_000).default(''), command: commandId }))
    .output(done),
  interrupt: base
    .route({ method: 'POST', path: '/agents/interrupt' })
    .input(z.object({ goal, agent: id, command: commandId }))
    .output(done),
  resume: base
    .route({ method: 'POST', path: '/agents/resume' })
    .input(z.object({ goal, agent: id, command: commandId }))
    .output(done),
  message: base
    .route({ method: 'POST', path: '/messages' })
    .input(
      z.object({
        goal,
        to: z.string().min(1).max(100),
        subject: z.string().min(1).max(200),
        body: z.string().min(1),
        replyTo: id.optional(),
        wantsAnswer: z.boolean().default(false),
        command: commandId,
      }),
    )
    .output(z.object({ message: z.string() })),
  /** What each successor of an attempt started from, oldest first. */
  packets: base
    .route({ method: 'GET', path: '/attempts/packets' })
    .input(z.object({ goal, attempt: id }))
    .output(
      z.array(
        z.object({
          from: z.string(),
          to: z.string(),
          cause: handoffCause,
          at: z.number(),
          /** Estimated tokens of the text. */
          tokens: z.number(),
          /** Empty while it is being made, or when it was forgotten. */
          text: z.string(),
        }),
      ),
    ),
  diff: base
    .route({ method: 'GET', path: '/attempts/diff' })
    .input(z.object({ goal, attempt: id }))
    .output(z.object({ diff: z.string(), truncated: z.boolean() })),
};

/** See {@link newGoal}. */
export type NewGoal = z.input<typeof newGoal>;
