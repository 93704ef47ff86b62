import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { type Doorbell, isOwed, type MessageService } from '#main/features/messages/index.ts';
import type { Message } from '#protocol/model/conversation/state.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { OCCUPYING } from '#protocol/model/goal/status.ts';
import type { LiveRun, LiveRuns } from './live.ts';
import { DOORBELL } from './prompt.ts';

/** Rings agents: in a running turn, by waking an idle one when an answer is wanted, else at its next turn. */
export function createDoorbell(
  goals: StreamHandle<Goal, GoalCommand>,
  messages: MessageService,
  live: LiveRuns,
): Doorbell {
  return {
    async ring(message, recipient) {
      if (recipient === 'ceo') return 'inbox';
      const running = live.ofAgent(recipient);
      // What is not urgent at all waits until the turn is over.
      if (running && !running.over && message.priority !== 'low') {
        running.host.send({ type: 'notify', id: message.id, text: DOORBELL });
        return 'doorbell';
      }
      const goal = goals.state(message.goal);
      const busy = Object.values(goal?.attempts ?? {}).some(
        (each) => each.agent === recipient && OCCUPYING.has(each.status),
      );
      if (busy || !message.wantsAnswer) return 'next-turn';
      await wakeFor(message, recipient, goals, messages);
      return 'woken';
    },
    async answered(goal, on) {
      await goals.execute(goal, { type: 'message-answered', message: on });
    },
  };
}

/** Wakes an idle agent for a message: the task says why, and what it costs is seen. */
async function wakeFor(
  message: Message,
  agent: string,
  goals: StreamHandle<Goal, GoalCommand>,
  messages: MessageService,
): Promise<void> {
  const [readable] = await messages.readable([message]);
  const verb = message.kind === 'escalate' ? 'Decide' : 'Answer';
  await goals.execute(message.goal, {
    type: 'wake',
    agent,
    message: message.id,
    from: message.from,
    subject: `${verb}: ${readable?.subjectText ?? 'a question'}`,
    replays: message.replays,
  });
}

/**
 * After a run: questions it was rung for but never read wake the agent again, then what it read and left without an answer.
 * Nothing is lost to bad timing, and nobody waits for an answer that was forgotten.
 */
export async function ringAgain(
  goal: string,
  agent: string,
  goals: StreamHandle<Goal, GoalCommand>,
  messages: MessageService,
): Promise<void> {
  const owed = messages.inboxOf(goal, agent).filter((message) => isOwed(message, agent, messages));
  const open = owed.find((message) => message.readBy[agent] === undefined) ?? owed[0];
  if (open) await wakeFor(open, agent, goals, messages);
}

/** Messages an agent has not read. */
export function unreadBy(agent: string, goal: string, messages: MessageService): number {
  return messages.inboxOf(goal, agent).filter((message) => message.readBy[agent] === undefined).length;
}

/** A run that makes a deferred call again begins without a word; what came in the meantime is rung for once it has begun. */
export function ringReplay({ host, goal, agent }: LiveRun, messages: MessageService): void {
  if (unreadBy(agent, goal, messages) > 0) host.send({ type: 'notify', id: `replay:${agent}`, text: DOORBELL });
}
