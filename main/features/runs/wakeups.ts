import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { isOwed, type MessageService } from '#main/features/messages/index.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
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
    if (!messages.isSettled(goal.id, wait.on)) continue;
    await goals.execute(goal.id, { type: 'message-answered', message: wait.on });
  }
  await ringAgain(goal.id, agent, goals, messages);
  await giveUpOnRefused(goal, agent, messages);
}

/** An agent that was woken for a question of its own and ended that without an answer will not give one. */
async function giveUpOnRefused(goal: Goal, agent: string, messages: MessageService): Promise<void> {
  const replies = Object.values(goal.tasks).filter((task) => task.kind === 'reply' && wokeFor(task, agent));
  for (const message of messages.inboxOf(goal.id, agent)) {
    if (!isOwed(message, agent, messages)) continue;
    const about = replies.filter((task) => task.about === message.id);
    if (about.length <= message.replays || !about.every((task) => TASK_OVER.has(task.status))) continue;
    if (message.negotiation !== null) await messages.negotiations.passed(goal.id, message.negotiation, agent);
    else if (message.to.length === 1) await messages.giveUp(goal.id, message.id);
  }
}

function wokeFor({ assignee }: Task, agent: string): boolean {
  return assignee.kind === 'agent' && assignee.agent === agent;
}
