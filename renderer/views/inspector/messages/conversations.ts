import type { Conversation, Message } from '#protocol/model/conversation/state.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { attemptsOf, type Subject } from '../subject.ts';

/** Who takes part in a conversation, read from its id: `goal.one+other`. */
export function participantsOf(goal: string, conversation: string): string[] {
  return conversation.startsWith(`${goal}.`) ? conversation.slice(goal.length + 1).split('+') : [];
}

/** The conversations about a subject, the one that spoke last first. */
export function conversationsOf(
  goal: Goal,
  subject: Subject,
  all: Readonly<Record<string, Conversation>>,
): Conversation[] {
  const agents =
    subject.kind === 'agent'
      ? new Set([subject.id])
      : new Set(attemptsOf(goal, subject).map((attempt) => attempt.agent));
  const about = (id: string) => {
    const there = participantsOf(goal.id, id);
    if (there.length === 0) return false;
    if (subject.kind === 'talk') return there.includes(subject.one) && there.includes(subject.other);
    if (subject.kind === 'goal') return true;
    return there.some((each) => agents.has(each)) || arbitrates(all[id], agents);
  };
  return Object.values(all)
    .filter(({ id, order }) => order.length > 0 && about(id))
    .sort((one, other) => lastAt(other) - lastAt(one));
}

/** Whether one of them is or was called to rule in it. */
function arbitrates(conversation: Conversation | undefined, agents: ReadonlySet<string>): boolean {
  return Object.values(conversation?.negotiations ?? {}).some(
    ({ arbiters, arbitration }) => arbitration && arbiters.slice(0, arbitration.stage).some((id) => agents.has(id)),
  );
}

/** When a conversation was last spoken in. */
export function lastAt({ order, messages }: Conversation): number {
  return messages[order.at(-1) ?? '']?.sentAt ?? 0;
}

/** The agent that a reply of the CEO goes to: whoever spoke last, else the first who takes part. */
export function replyTarget(goal: Goal, conversation: Conversation): { agent: string; message: Message } | null {
  const messages = conversation.order.flatMap((id) => conversation.messages[id] ?? []);
  const last = messages.findLast(({ from }) => goal.agents[from] !== undefined && !goal.dismissed.includes(from));
  return last ? { agent: last.from, message: last } : null;
}
