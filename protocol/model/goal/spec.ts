import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { TASK_KINDS } from './kinds.ts';

const id = z.string();

/**
 * What a gate waits for. `approval`: the CEO's word. `check`: a command's exit code on what is merged so far. `timer`:
 * milliseconds after everything before it is done. `event`: a signal from outside, by name.
 */
export const gate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('approval') }),
  z.strictObject({ kind: z.literal('check'), command: payloadRef }),
  z.strictObject({ kind: z.literal('timer'), ms: z.number().int().nonnegative() }),
  z.strictObject({ kind: z.literal('event'), name: z.string() }),
]);

/** A node runs only if another one ended so: by status, or by the result its agent or gate named. */
export const condition = z.strictObject({ task: id, is: z.string() });

/** Children that are added when the items are known: one for each item that `from` names when it is done. */
export const fanOut = z.strictObject({
  from: id,
  title: payloadRef,
  brief: payloadRef,
  /** A role, or anyone. */
  role: z.string().nullable(),
});

/**
 * How a node of the plan is to be run, beyond its task. Every key may be absent: that rule does not hold then, or the
 * goal's own limit does. Intent only; what became of it is in the task.
 */
export const taskSpec = z.strictObject({
  /** Definition of done, in words. */
  done: payloadRef.optional(),
  /** Commands that must exit with 0 on the work, besides the project's verify command. */
  checks: z.array(payloadRef).optional(),
  effort: z.enum(['small', 'medium', 'large']).optional(),
  /** Globs of files it is expected to change. */
  paths: z.array(payloadRef).optional(),
  /** Areas of the code these lie in, hashed. */
  areas: z.array(z.string()).optional(),
  /** Attempts it gets, instead of the goal's. */
  attempts: z.number().int().positive().optional(),
  /** Milliseconds before the second attempt; doubled for each further one. */
  backoffMs: z.number().int().positive().optional(),
  /** The role that gets one more attempt when all have failed. */
  escalate: z.string().optional(),
  /** Milliseconds from its first start. Past that it is stopped and the CEO decides. */
  deadlineMs: z.number().int().positive().optional(),
  /** Attempts at once; one is kept. */
  race: z.number().int().min(2).optional(),
  /** `first`: whoever passes first. Absent: the best of all, see `bestOf`. */
  keep: z.enum(['first', 'best']).optional(),
  /** The sub-plan it belongs to: starts after what that waits for, ends it when all are done. */
  parent: id.optional(),
  onlyIf: condition.optional(),
  /** How many of its dependencies must be met; absent: all. */
  need: z.number().int().positive().optional(),
  gate: gate.optional(),
  /** The role whose verdict on the diff the merge needs; never the author's own. */
  review: z.strictObject({ role: z.string() }).optional(),
  each: fanOut.optional(),
});

/** See {@link gate}. */
export type Gate = z.infer<typeof gate>;
/** See {@link taskSpec}. */
export type TaskSpec = z.infer<typeof taskSpec>;

/** See {@link TASK_KINDS}. */
export const taskKind = z.enum(TASK_KINDS);
