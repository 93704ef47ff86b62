import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { actor, assignee, maybeText } from './parts.ts';
import { taskSpec } from './spec.ts';

const id = z.string();

/** What happens to nodes of a plan besides their attempts: gates, sub-plans, branches, retries, deadlines, reviews. */
export const nodeEvents = [
  /** A gate or a sub-plan begins: everything before it is done. `until` for timers; `check`: its command is to be run. */
  z.strictObject({ type: z.literal('node.opened'), task: id, until: z.number().nullable(), check: z.boolean() }),
  /** A gate is decided, by the CEO, by the system (timer, exit code), or by a signal. */
  z.strictObject({
    type: z.literal('gate.decided'),
    task: id,
    result: z.enum(['passed', 'failed']),
    by: actor,
    detail: maybeText,
  }),
  /** Not needed: what it branches on went another way. */
  z.strictObject({ type: z.literal('task.skipped'), task: id }),
  /** A failed task is tried again, but not before `until`; null: its time has come. */
  z.strictObject({ type: z.literal('task.delayed'), task: id, until: z.number().nullable() }),
  /** All attempts failed; somebody else gets one more. */
  z.strictObject({ type: z.literal('task.escalated'), task: id, assignee }),
  /** Changes how a node is run. */
  z.strictObject({ type: z.literal('task.respecified'), task: id, spec: taskSpec, by: actor }),
  /** From now on its time counts. */
  z.strictObject({ type: z.literal('deadline.set'), task: id, until: z.number() }),
  z.strictObject({ type: z.literal('deadline.passed'), task: id, item: id }),
  /** A reviewer's verdict on an attempt's diff, at the commit that was looked at. */
  z.strictObject({
    type: z.literal('review.given'),
    attempt: id,
    task: id,
    by: actor,
    approved: z.boolean(),
    comments: payloadRef,
    commit: z.string().nullable(),
  }),
] as const;

/** One of {@link nodeEvents}. */
export type NodeEvent = z.infer<(typeof nodeEvents)[number]>;
