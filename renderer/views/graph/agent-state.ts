import type { Conversation } from '#protocol/model/conversation/state.ts';
import type { Standing } from '#protocol/model/goal/describe.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';

/** What an agent does now, in one word with the attempt it is about. */
export interface AgentState {
  readonly word: 'idle' | 'paused' | 'working' | 'waiting' | 'needs-you';
  readonly standing: Standing;
  readonly attempt: Attempt | null;
}

const BUSY: ReadonlySet<Attempt['status']> = new Set(['preparing', 'running', 'verifying', 'merging']);

/** An agent's state: what works comes before what waits. */
export function agentStateOf(goal: Goal, agent: string): AgentState {
  const open = Object.values(goal.attempts).filter((each) => each.agent === agent && !ATTEMPT_OVER.has(each.status));
  const busy = open.find((each) => BUSY.has(each.status));
  if (busy) return { word: 'working', standing: 'running', attempt: busy };
  const asking = open.find((each) => each.wait?.owner === 'ceo');
  if (asking) return { word: 'needs-you', standing: 'needs-you', attempt: asking };
  const waiting = open[0] ?? null;
  if (waiting) return { word: 'waiting', standing: 'waiting', attempt: waiting };
  return goal.pausedAgents.includes(agent)
    ? { word: 'paused', standing: 'idle', attempt: null }
    : { word: 'idle', standing: 'idle', attempt: null };
}

/** Messages to an agent that its model has not seen. */
export function unreadOf(conversations: Readonly<Record<string, Conversation>>, goal: string, agent: string): number {
  let count = 0;
  for (const { messages } of Object.values(conversations))
    for (const message of Object.values(messages))
      if (message.goal === goal && !message.dead && message.to.includes(agent) && !message.acknowledgedBy[agent])
        count += 1;
  return count;
}
