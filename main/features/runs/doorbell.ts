import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { Doorbell, MessageService } from '#main/features/messages/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { OCCUPYING } from '#protocol/model/goal/status.ts';
import type { LiveRuns } from './live.ts';
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
      if (running && !running.over) {
        running.host.send({ type: 'notify', id: message.id, text: DOORBELL });
        return 'doorbell';
      }
      const goal = goals.state(message.goal);
      const busy = Object.values(goal?.attempts ?? {}).some(
        (each) => each.agent === recipient && OCCUPYING.has(each.status),
      );
      if (busy || !message.wantsAnswer) return 'next-turn';
      const [readable] = await messages.readable([message]);
      await goals.execute(message.goal, {
        type: 'wake',
        agent: recipient,
        message: message.id,
        from: message.from,
        subject: `Answer: ${readable?.subjectText ?? 'a question'}`,
      });
      return 'woken';
    },
    async answered(goal, message) {
      await goals.execute(goal, { type: 'message-answered', message });
    },
  };
}

/** After a run: questions it was rung for but never read wake the agent again. Nothing is lost to bad timing. */
export async function ringAgain(
  goal: string,
  agent: string,
  goals: StreamHandle<Goal, GoalCommand>,
  messages: MessageService,
): Promise<void> {
  const open = messages
    .inboxOf(goal, agent)
    .find((message) => message.wantsAnswer && message.answeredBy === null && message.readBy[agent] === undefined);
  if (!open) return;
  const [readable] = await messages.readable([open]);
  await goals.execute(goal, {
    type: 'wake',
    agent,
    message: open.id,
    from: open.from,
    subject: `Answer: ${readable?.subjectText ?? 'a question'}`,
  });
}
