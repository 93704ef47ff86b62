import { z } from 'zod';
import { type PayloadRef, payloadRef } from '../payload.ts';

/** What watches over agents. `false-done`: a claim that nothing proves. `wake`: an agent that would start without a reason. */
export const guardName = z.enum(['loop', 'ping-pong', 'stall', 'false-done', 'fan-out', 'wake']);

/** What a guard did: told the agent, stopped its run, or refused what it asked. */
export const guardAction = z.enum(['noticed', 'interrupted', 'refused']);

/** A guard stepped in. */
export const guardIntervened = z.strictObject({
  type: z.literal('guard.intervened'),
  guard: guardName,
  action: guardAction,
  /** Whom it was about; null where no attempt is. */
  attempt: z.string().nullable(),
  run: z.string().nullable().default(null),
  /** What was seen, display-ready. */
  evidence: payloadRef,
});

/** See {@link guardName}. */
export type GuardName = z.infer<typeof guardName>;
/** See {@link guardAction}. */
export type GuardAction = z.infer<typeof guardAction>;
/** See {@link guardIntervened}. */
export type GuardIntervened = z.infer<typeof guardIntervened>;

/** One intervention, as a goal remembers it. */
export interface Intervention {
  readonly guard: GuardName;
  readonly action: GuardAction;
  readonly run: string | null;
  readonly evidence: PayloadRef;
  readonly at: number;
}

/** The newest interventions by attempt, oldest first; under `''` those that are about no attempt. */
export type Interventions = Readonly<Record<string, readonly Intervention[]>>;
