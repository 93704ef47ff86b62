import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Draft } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { orderRun } from './run-order.ts';

/** How often one piece of work goes to somebody else before the CEO is asked. */
const MOST_HANDS = 2;

/** Whether the author can go on where it stopped: its session is there and it has tries left. */
function authorCan({ goal }: Draft, attempt: Attempt): boolean {
  const last = goal.runs[attempt.runs.at(-1) ?? ''];
  const lost = last?.outcome === 'session-lost' || attempt.recoveries > goal.limits.recoveries;
  return !lost && !goal.dismissed.includes(attempt.agent) && attempt.fixes < goal.limits.fixes;
}

function isFree(goal: Goal, agent: string): boolean {
  if (goal.pausedAgents.includes(agent)) return false;
  return !Object.values(goal.attempts).some((each) => each.agent === agent && !ATTEMPT_OVER.has(each.status));
}

/** Who wrote the other side knows it best, then whoever has the same role. Nobody gets the same conflict twice. */
function anotherFor(goal: Goal, attempt: Attempt, others: readonly string[]): string | undefined {
  if (attempt.handedFrom.length >= MOST_HANDS) return undefined;
  const role = goal.agents[attempt.agent]?.role ?? '';
  const able = new Set(agentsFor(goal, { kind: 'anyone' }));
  const wrote = others.flatMap((id) => goal.attempts[id]?.agent ?? []);
  return [...wrote, ...agentsFor(goal, { kind: 'role', role })].find(
    (agent) => able.has(agent) && agent !== attempt.agent && !attempt.handedFrom.includes(agent) && isFree(goal, agent),
  );
}

/**
 * Gives a textual conflict to the agent best placed: the author of the later work, then another agent who can, then the
 * CEO with both sides before them. `others` are the attempts it conflicts with, the newest first.
 */
export function placeConflict(
  draft: Draft,
  attempt: Attempt,
  output: PayloadRef | null,
  others: readonly string[],
): void {
  const about = output ? [output] : [];
  if (authorCan(draft, attempt)) return orderRun(draft, attempt, 'conflict', { about });
  const to = anotherFor(draft.goal, attempt, others);
  if (to === undefined) {
    const title =
      'Two pieces of work conflict and the agents did not resolve it. Try again, say how, or stop this one?';
    return putToWait(draft, attempt, { cause: 'conflict', owner: 'ceo' }, { kind: 'conflict', title, detail: output });
  }
  draft.emit({ type: 'attempt.handed', attempt: attempt.id, to });
  orderRun(draft, draft.attempt(attempt.id), 'conflict', { about, freshSession: true });
}
