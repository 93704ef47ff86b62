import type { GuardAction, GuardIntervened, GuardName, Intervention } from './guard.ts';
import type { Goal } from './state.ts';

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
