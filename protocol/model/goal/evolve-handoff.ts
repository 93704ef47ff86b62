import type { PayloadRef } from '../payload.ts';
import type { GoalEvent } from './event.ts';
import type { Attempt, Goal } from './state.ts';
import type { Failure, Handoff, Trail } from './trail.ts';

/** Views get these texts with the state, so that few are kept; a successor wants the newest. */
const MOST_FAILURES = 5;
const MOST_NOTES = 10;
const kept = <T>(list: readonly T[], item: T, most: number): readonly T[] => [...list, item].slice(-most);

const CHECKS: Readonly<Record<string, Failure['kind']>> = { failed: 'check', error: 'check', conflict: 'conflict' };
const MERGES: Readonly<Record<string, Failure['kind']>> = { rejected: 'merge', error: 'merge', conflict: 'conflict' };
const RUNS: Readonly<Record<string, Failure['kind']>> = {
  crashed: 'run',
  protocol: 'run',
  upstream: 'run',
  login: 'run',
  'session-lost': 'run',
};

function failed(trail: Trail, kind: Failure['kind'] | undefined, output: PayloadRef | null, at: number): Trail {
  return kind === undefined ? trail : { ...trail, failures: kept(trail.failures, { kind, at, output }, MOST_FAILURES) };
}

function trailAfter(trail: Trail, event: GoalEvent, at: number): Trail {
  switch (event.type) {
    case 'attempt.progressed':
      return { ...trail, notes: kept(trail.notes, event.note, MOST_NOTES) };
    case 'check.ended':
      return failed(trail, CHECKS[event.result], event.output, at);
    case 'merge.ended':
      return failed(trail, MERGES[event.result], event.output, at);
    case 'run.ended':
      return failed({ ...trail, full: event.full }, RUNS[event.outcome], event.detail, at);
    case 'attempt.handover-ordered': {
      const { from, to, run, cause, reason, about } = event;
      const handoff: Handoff = { from, to, run, cause, reason, about, packet: null, at };
      return { ...trail, full: false, handoffs: [...trail.handoffs, handoff] };
    }
    case 'attempt.handed-over': {
      const last = trail.handoffs.at(-1);
      return last ? { ...trail, handoffs: [...trail.handoffs.slice(0, -1), { ...last, packet: event.packet }] } : trail;
    }
    case 'attempt.restored':
      return { ...trail, restored: event.run };
    default:
      return trail;
  }
}

function changed(event: GoalEvent, at: number): Partial<Attempt> {
  if (event.type === 'attempt.restored') return { workspace: event.workspace };
  if (event.type !== 'attempt.handover-ordered') return {};
  // Whoever comes anew gets the chances anew; a session that merely grew long has used its own.
  const again = event.cause === 'context' || event.reason === 'recovered' ? {} : { recoveries: 0, nudges: 0 };
  const wait = { cause: 'handoff', owner: 'system', on: null, toolUseId: null, until: null } as const;
  return { ...again, agent: event.to, status: 'waiting', wait: { ...wait, since: at, detail: null } };
}

/** Adds to a state what an event means for handoffs; whatever else it means is in the state already. */
export function evolveHandoff(goal: Goal, event: GoalEvent, at: number): Goal {
  if (!('attempt' in event) || event.attempt === null) return goal;
  const attempt = goal.attempts[event.attempt];
  if (!attempt) return goal;
  const trail = trailAfter(attempt.trail, event, at);
  if (trail === attempt.trail) return goal;
  const next: Attempt = { ...attempt, ...changed(event, at), trail, changedAt: at };
  return { ...goal, attempts: { ...goal.attempts, [attempt.id]: next } };
}

/** The handoff that waits for its packet, if the attempt is being handed over. */
export function pendingHandoff(attempt: Attempt): Handoff | null {
  return attempt.wait?.cause === 'handoff' ? (attempt.trail.handoffs.at(-1) ?? null) : null;
}

/** The handoff whose packet a run of a fresh session starts from: the newest one with a packet. */
export function packetOf(attempt: Attempt): Handoff | null {
  return attempt.trail.handoffs.findLast((each) => each.packet !== null) ?? null;
}
