import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ringAgain } from './doorbell.ts';

/**
 * Gives again whatever wake-up an agent may have missed: an answer that came before its asker was waiting, a question it
 * was rung for and never read. Done after each run and at each start, so that a wake-up lost to a crash is only late.
 */
export async function catchUp(
  goal: Goal,
  agent: string,
  goals: StreamHandle<Goal, GoalCommand>,
  messages: MessageService,
): Promise<void> {
  if (goal.status === 'stopped' || goal.status === 'accepted') return;
  for (const { status, wait, agent: owner } of Object.values(goal.attempts)) {
    if (owner !== agent || status !== 'waiting' || wait?.cause !== 'answer' || wait.on === null) continue;
    const question = messages.find(goal.id, wait.on);
    if (question && question.answeredBy === null && question.dead === null) continue;
    await goals.execute(goal.id, { type: 'message-answered', message: wait.on });
  }
  await ringAgain(goal.id, agent, goals, messages);
}
