import { z } from 'zod';
import { payloadRef } from '../payload.ts';

/** Who did something: `ceo`, `system` or an agent's id. */
export const actor = z.string();

/** An agent of a goal's crew: who it is. What it may do is in the crew payload. */
export const agentRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  driver: z.string(),
  model: z.string(),
  /** Plans goals; gets no work tasks of its own. */
  lead: z.boolean(),
  /** May change files of some paths only: work for anyone goes to others. */
  confined: z.literal(true).optional(),
});

/** To whom a task may go. */
export const assignee = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), agent: z.string() }),
  z.strictObject({ kind: z.literal('role'), role: z.string() }),
  z.strictObject({ kind: z.literal('anyone') }),
  /** The backlog: it waits until the CEO gives it to somebody. */
  z.strictObject({ kind: z.literal('nobody') }),
]);

/** Caps and policies of a goal, fixed when it is stated. */
export const goalLimits = z.strictObject({
  /** Attempts a task gets before it fails. */
  attempts: z.number().int().positive(),
  /** Times an author gets its work back after a failed check or merge, per attempt. */
  fixes: z.number().int().nonnegative(),
  /** Reminders to an agent that ends its turn without completing its task. */
  nudges: z.number().int().nonnegative(),
  /** Resumes after a lost process or a failing endpoint, per attempt. */
  recoveries: z.number().int().nonnegative(),
  /** Turns and minutes one run may take. */
  turns: z.number().int().positive(),
  minutes: z.number().positive(),
  /** Money, nano-dollars: the goal's cap and each run's. */
  goalNanos: z.number().int().nonnegative(),
  runNanos: z.number().int().nonnegative(),
  /** Tasks a goal may have, against runaway fan-out. */
  tasks: z.number().int().positive(),
});

/** Why an attempt does not move, and whose turn it is. */
export const wait = z.strictObject({
  cause: z.enum([
    'permission',
    'question',
    'answer',
    'task',
    'budget',
    'turns',
    'minutes',
    'upstream',
    'login',
    'interrupted',
    'unverified',
    'conflict',
    /** Other work is merged first. */
    'sequence',
    'disk',
    'stuck',
    'trust',
    'review',
    'race',
    'deadline',
    'handoff',
  ]),
  /** `ceo`, `system` or an agent's id. */
  owner: z.string(),
  /** What is waited for: an item, a message, a task. */
  on: z.string().nullable(),
  /** The deferred tool call, when there is one. */
  toolUseId: z.string().nullable(),
  /** Wall-clock milliseconds at which the system acts by itself; null when it never does. */
  until: z.number().nullable(),
});

/** Why a run was ordered; the runner words the prompt from it. */
export const runReason = z.enum([
  'first',
  'nudge',
  'check-failed',
  'merge-rejected',
  'conflict',
  'resolved',
  'answered',
  'task-done',
  'recovered',
  'resumed',
  'message',
  'revised',
  'reviewed',
  'advised',
  'succeeded',
]);

/** How a run ended. `lost`: the process vanished with its orchestrator or was killed from outside. */
export const runOutcome = z.enum([
  'completed',
  'deferred',
  'interrupted',
  'turn-limit',
  'budget',
  'upstream',
  'login',
  'crashed',
  'protocol',
  'session-lost',
  'lost',
  'overdue',
  'context-full',
]);

/** Tokens of a run, as the driver reported them. */
export const usageRecord = z.strictObject({
  input: z.number(),
  output: z.number(),
  cacheWrite: z.number(),
  cacheRead: z.number(),
});

/** What the CEO is asked. */
export const itemKind = z.enum([
  'approval',
  'question',
  'plan',
  'budget',
  'login',
  'upstream',
  'unverified',
  'conflict',
  'stuck',
  'interrupted',
  'gate',
  'review',
  'deadline',
  'plan-edit',
  'arbitration',
]);

/** The CEO's answer. */
export const answer = z.enum([
  'allow',
  'allow-session',
  'allow-always',
  'deny',
  'reply',
  'retry',
  'accept',
  'failover',
  'stop',
]);

/** A text reference or nothing. */
export const maybeText = payloadRef.nullable();

export type AgentRecord = z.infer<typeof agentRecord>;
export type Assignee = z.infer<typeof assignee>;
export type GoalLimits = z.infer<typeof goalLimits>;
export type Wait = z.infer<typeof wait>;
export type RunReason = z.infer<typeof runReason>;
export type RunOutcome = z.infer<typeof runOutcome>;
export type ItemKind = z.infer<typeof itemKind>;
export type Answer = z.infer<typeof answer>;
