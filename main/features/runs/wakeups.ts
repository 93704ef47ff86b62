import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import { ringAgain } from './doorbell.ts';

/**
 * Gives again whatever wake-up an agent may have missed: an answer that came before its asker was waiting, a question it
 * was rung for and never read. What it was woken for and left without an answer is given up. Done after each run and at each start, so that a wake-up lost to a crash is only late.
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
  await giveUpOnRefused(goal, agent, messages);
}

/** An agent that was woken for a question of its own and ended that without an answer will not give one. */
async function giveUpOnRefused(goal: Goal, agent: string, messages: MessageService): Promise<void> {
  const ended = new Set(
    Object.values(goal.tasks).flatMap((task) =>
      task.kind === 'reply' && task.about !== null && TASK_OVER.has(task.status) ? [task.about] : [],
    ),
  );
  for (const { id, to, wantsAnswer, answeredBy } of messages.inboxOf(goal.id, agent)) {
    if (wantsAnswer && answeredBy === null && to.length === 1 && ended.has(id)) await messages.giveUp(goal.id, id);
  }
}
