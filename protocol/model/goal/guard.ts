import { z } from 'zod';
import { type PayloadRef, payloadRef } from '../payload.ts';
import type { Goal } from './state.ts';

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

/** Interventions that are kept of one attempt. */
export const KEPT_INTERVENTIONS = 8;

/** The next state of a goal after an intervention. */
export function evolveGuard(goal: Goal, event: GuardIntervened, at: number): Goal {
  const { guard, action, run, evidence } = event;
  const key = event.attempt ?? '';
  const before = goal.interventions[key] ?? [];
  const kept = [...before, { guard, action, run, evidence, at }].slice(-KEPT_INTERVENTIONS);
  return { ...goal, interventions: { ...goal.interventions, [key]: kept } };
}

/** The intervention that stopped this run, if a guard did. */
export function stoppedBy(goal: Goal, attempt: string, run: string): Intervention | undefined {
  return goal.interventions[attempt]?.findLast((each) => each.run === run && each.action === 'interrupted');
}

const GUARDS: Readonly<Record<GuardName, string>> = {
  loop: 'repetition',
  'ping-pong': 'messages that say nothing new',
  stall: 'no progress',
  'false-done': 'a claim that nothing proves',
  'fan-out': 'too many tasks',
  wake: 'a start without a reason',
};

const ACTIONS: Readonly<Record<GuardAction, string>> = {
  noticed: 'was told',
  interrupted: 'was stopped',
  refused: 'was refused',
};

/** An intervention in a few words, to follow a name: `was stopped: repetition`. */
export function describeIntervention({ guard, action }: Pick<Intervention, 'guard' | 'action'>): string {
  return `${ACTIONS[action]}: ${GUARDS[guard]}`;
}
