import { openItems } from '#protocol/model/goal/describe.ts';
import { waitsForBacklog } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** How a goal stands for one who waits for it. `asks`: nothing moves until the CEO answers. */
export type Verdict = 'moving' | 'asks' | 'ready' | 'accepted' | 'stuck' | 'stopped';

/** The code each ends a run with. */
export const EXIT_OF: Readonly<Record<Exclude<Verdict, 'moving'>, ExitCode>> = {
  asks: EXIT.needsCeo,
  ready: EXIT.done,
  accepted: EXIT.done,
  stuck: EXIT.failed,
  stopped: EXIT.stopped,
};

/** An attempt that will go on by itself, sooner or later. */
function moves(attempt: Attempt): boolean {
  if (ATTEMPT_OVER.has(attempt.status)) return false;
  if (attempt.status !== 'waiting') return true;
  return attempt.wait?.owner === 'system' || attempt.wait?.until != null;
}

/** Whether only the CEO can make the goal move again. */
function waitsForCeo(goal: Goal): boolean {
  if (goal.status === 'awaiting-approval' || goal.paused) return !Object.values(goal.attempts).some(moves);
  if (waitsForBacklog(goal)) return true;
  return openItems(goal).length > 0 && !Object.values(goal.attempts).some(moves);
}

/** Judges a goal. */
export function verdictOf(goal: Goal): Verdict {
  switch (goal.status) {
    case 'accepted':
    case 'ready':
    case 'stopped':
    case 'stuck':
      return goal.status;
    case 'verifying':
    case null:
      return 'moving';
    default:
      return waitsForCeo(goal) ? 'asks' : 'moving';
  }
}
