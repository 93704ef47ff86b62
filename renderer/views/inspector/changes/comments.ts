import type { Conversation, Message } from '#protocol/model/conversation/state.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { PlaceKey } from '../../../ui/DiffView.tsx';

/** A line comment as its message words it. */
export interface Comment {
  readonly path: string;
  readonly place: PlaceKey;
  /** What the CEO wrote, without the quoted lines. */
  readonly text: string;
}

/** A comment with what was answered, in order. */
export interface Thread {
  readonly comment: Comment;
  readonly message: Message;
  readonly answers: readonly Message[];
}

const WHERE = /^A comment on ("(?:[^"\\]|\\.){0,8192}"), line (\d{1,9}) (before|after) the change\./;
const SAYS = '\n\nThe CEO says:\n\n';

/** Reads a line comment out of a message's body; null when it is none. */
export function commentOf(body: string): Comment | null {
  const [, quoted, line, when] = WHERE.exec(body) ?? [];
  const says = body.lastIndexOf(SAYS);
  if (quoted === undefined || line === undefined || says < 0) return null;
  try {
    const side = when === 'before' ? 'old' : 'new';
    return { path: String(JSON.parse(quoted)), place: `${side}:${Number(line)}`, text: body.slice(says + SAYS.length) };
  } catch {
    return null;
  }
}

/** The comments on a goal's work with their answers, oldest first; with an attempt, only those its agent got meanwhile. */
export function threadsOf(
  conversations: readonly Conversation[],
  bodyOf: (message: Message) => string,
  attempt: Attempt | null,
): Thread[] {
  const all = conversations.flatMap(({ messages }) => Object.values(messages));
  all.sort((one, other) => one.sentAt - other.sentAt);
  return all.flatMap((message) => {
    if (message.from !== 'ceo') return [];
    if (attempt && !(message.to.includes(attempt.agent) && message.sentAt >= attempt.startedAt)) return [];
    const comment = commentOf(bodyOf(message));
    if (!comment) return [];
    const chain = new Set([message.id]);
    const answers = all.filter((each) => {
      if (each.replyTo === null || !chain.has(each.replyTo)) return false;
      chain.add(each.id);
      return true;
    });
    return [{ comment, message, answers }];
  });
}
