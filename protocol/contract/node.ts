import { z } from 'zod';
import { condition } from '../model/goal/spec.ts';

const id = z.string().min(1).max(100);
const role = z.string().min(1).max(60);
const command = z.string().trim().min(1).max(1_000);
const MONTH_MS = 30 * 24 * 60 * 60_000;

/** A gate the CEO writes. See `gate` in the model for what each waits for. */
export const writtenGate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approval') }),
  z.object({ kind: z.literal('check'), command }),
  z.object({ kind: z.literal('timer'), ms: z.number().int().min(0).max(MONTH_MS) }),
  z.object({ kind: z.literal('event'), name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) }),
]);

/** How a node is to be run, in the CEO's words; see `taskSpec` in the model. Other nodes by key or id. */
export const writtenSpec = z.object({
  done: z.string().max(4_000).optional(),
  checks: z.array(command).max(10).optional(),
  effort: z.enum(['small', 'medium', 'large']).optional(),
  paths: z.array(z.string().min(1).max(300)).max(50).optional(),
  attempts: z.number().int().min(1).max(10).optional(),
  backoffMs: z.number().int().min(1_000).max(86_400_000).optional(),
  escalate: role.optional(),
  deadlineMs: z.number().int().min(1_000).max(MONTH_MS).optional(),
  race: z.number().int().min(2).max(5).optional(),
  keep: z.enum(['first', 'best']).optional(),
  parent: id.optional(),
  onlyIf: condition.optional(),
  need: z.number().int().min(1).max(100).optional(),
  gate: writtenGate.optional(),
  review: z.object({ role }).optional(),
  each: z
    .object({ from: id, title: z.string().min(1).max(200), brief: z.string().max(20_000), role: role.nullable() })
    .optional(),
});

/** A change of how a node is run: what it names is replaced, and null takes that rule back. */
export const specChange = writtenSpec.omit({ parent: true }).extend({
  effort: writtenSpec.shape.effort.nullable(),
  attempts: writtenSpec.shape.attempts.nullable(),
  backoffMs: writtenSpec.shape.backoffMs.nullable(),
  escalate: writtenSpec.shape.escalate.nullable(),
  deadlineMs: writtenSpec.shape.deadlineMs.nullable(),
  race: writtenSpec.shape.race.nullable(),
  keep: writtenSpec.shape.keep.nullable(),
  onlyIf: writtenSpec.shape.onlyIf.nullable(),
  need: writtenSpec.shape.need.nullable(),
  review: writtenSpec.shape.review.nullable(),
});

/** See {@link specChange}. */
export type SpecChange = z.input<typeof specChange>;
/** See {@link writtenSpec}. */
export type WrittenSpec = z.input<typeof writtenSpec>;
