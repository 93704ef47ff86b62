import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import type { Performance, Report } from '#main/engine/performer.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { MessageKind } from '#protocol/model/conversation/event.ts';
import type { Conversation, Message } from '#protocol/model/conversation/state.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { conversationArea } from './area.ts';
import type { ConversationCommand } from './decide.ts';

/** A message about to be sent; recipients are resolved agents' ids or `ceo`. */
export interface Letter {
  readonly goal: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly kind: MessageKind;
  readonly subject: string;
  readonly body: string;
  readonly replyTo: string | null;
  readonly wantsAnswer: boolean;
  /** Milliseconds until an unanswered message is a dead letter. */
  readonly patience: number | null;
  readonly attachments: readonly string[];
  /** The message the sender was woken for: what it sends now is a link of the same chain, whether it says so or not. */
  readonly cause?: string | null;
}

/** A message with its texts. */
export interface ReadableMessage extends Message {
  readonly subjectText: string;
  readonly bodyText: string;
  readonly conversation: string;
}

/** What delivery needs to know of agents; the runs feature provides it. */
export interface Doorbell {
  /** Tells the recipient that something is there, by whatever way it can hear now. */
  ring(message: Message, recipient: string): Promise<'doorbell' | 'woken' | 'next-turn' | 'inbox'>;
  /** An answer to a message that somebody waits for has come. */
  answered(goal: string, message: string): Promise<void>;
}

/** Looks at messages before they are stored; the guards feature provides it. */
export interface Screen {
  /** A fault refuses the message. Each message is shown once, also when it is sent twice. */
  screen(letter: Letter): Fault | null;
}

/** Messages as the rest of the orchestrator uses them. */
export interface MessageService {
  /** Stores the message; only then is it acknowledged to the sender. `id` makes sending idempotent. */
  send(letter: Letter, id?: string): Promise<Result<{ message: string; conversation: string }, Fault>>;
  /** Messages to a recipient, oldest first. */
  inboxOf(goal: string, recipient: string): Message[];
  /** Marks as read and returns with texts what the recipient has not acknowledged yet. */
  read(goal: string, recipient: string, run: string): Promise<ReadableMessage[]>;
  readable(messages: readonly Message[]): Promise<ReadableMessage[]>;
  acknowledge(goal: string, recipient: string, run: string, call: string, ids: readonly string[]): Promise<void>;
  find(goal: string, message: string): Message | undefined;
  all(goal: string): Message[];
  replay(goal: string, message: string, by: string): Promise<Result<void, Fault>>;
  /** Nobody will answer it any more: a dead letter at once, so that the asker goes on without. */
  giveUp(goal: string, message: string): Promise<void>;
  /** Ids of all conversations, and one of them. */
  conversations(): readonly string[];
  conversation(id: string): Conversation | undefined;
  /** Performs deliveries; needs the doorbell, which needs runs: bound once at composition. */
  bind(doorbell: Doorbell): void;
}

/** See {@link MessageService}. */
export function createMessages(
  engine: Engine,
  now: () => number,
  newId: (prefix: string) => string,
  guard: Screen = { screen: () => null },
): MessageService {
  const conversations: StreamHandle<Conversation, ConversationCommand> = engine.register(conversationArea);
  const idFor = (goal: string, participants: readonly string[]) =>
    `${goal}.${[...new Set(participants)].sort().join('+')}`;
  const ofGoal = (goal: string) => conversations.ids().filter((id) => id.startsWith(`${goal}.`));
  const stateOf = (id: string) => conversations.state(id);
  const all = (goal: string) => ofGoal(goal).flatMap((id) => Object.values(stateOf(id)?.messages ?? {}));
  const conversationOf = (goal: string, message: string) => ofGoal(goal).find((id) => stateOf(id)?.messages[message]);
  const find = (goal: string, message: string) => {
    const conversation = conversationOf(goal, message);
    return conversation === undefined ? undefined : stateOf(conversation)?.messages[message];
  };
  const inboxOf = (goal: string, recipient: string) =>
    all(goal)
      .filter((message) => message.to.includes(recipient) && !message.dead)
      .sort((a, b) => a.sentAt - b.sentAt);

  async function readable(messages: readonly Message[]): Promise<ReadableMessage[]> {
    const texts = await engine.payloads(messages.flatMap((message) => [message.subject.id, message.body.id]));
    return messages.map((message) => ({
      ...message,
      subjectText: texts.get(message.subject.id) ?? '',
      bodyText: texts.get(message.body.id) ?? '(forgotten)',
      conversation: conversationOf(message.goal, message.id) ?? '',
    }));
  }

  async function deliver(performance: Performance, doorbell: Doorbell): Promise<Report> {
    const data = performance.event.data as { message: string };
    const message = stateOf(performance.subject)?.messages[data.message];
    if (!message || message.dead) return null;
    const how: Record<string, 'doorbell' | 'woken' | 'next-turn' | 'inbox'> = {};
    for (const recipient of message.to) how[recipient] = await doorbell.ring(message, recipient);
    if (message.replyTo !== null) await doorbell.answered(message.goal, message.replyTo);
    failpoint('message-rung');
    return {
      stream: performance.stream,
      command: { type: 'rung', message: message.id, how } satisfies ConversationCommand,
    };
  }

  return {
    async send(letter, id) {
      const message = id ?? newId('msg');
      const refused = find(letter.goal, message) ? null : guard.screen(letter);
      if (refused) return err(refused);
      const { patience, cause, ...rest } = letter;
      const hopsBefore = cause == null ? 0 : (find(letter.goal, cause)?.hops ?? 0);
      const replied = letter.replyTo === null ? undefined : conversationOf(letter.goal, letter.replyTo);
      const conversation = replied ?? idFor(letter.goal, [letter.from, ...letter.to]);
      const deadline = patience === null ? null : now() + patience;
      const stored = await conversations.execute(
        conversation,
        { type: 'send', message, ...rest, deadline, hopsBefore },
        { id: `send:${message}` },
      );
      failpoint('message-stored');
      return stored.ok ? ok({ message, conversation }) : err(stored.error);
    },
    inboxOf,
    async read(goal, recipient, run) {
      const unread = inboxOf(goal, recipient).filter((message) => message.acknowledgedBy[recipient] === undefined);
      for (const message of unread) {
        const conversation = conversationOf(goal, message.id);
        if (conversation !== undefined) {
          await conversations.execute(conversation, { type: 'read', message: message.id, by: recipient, run });
        }
      }
      return readable(unread);
    },
    readable,
    async acknowledge(goal, recipient, run, call, ids) {
      for (const message of ids) {
        const conversation = conversationOf(goal, message);
        if (conversation !== undefined) {
          await conversations.execute(conversation, { type: 'acknowledge', message, by: recipient, run, call });
        }
      }
    },
    find,
    all,
    async replay(goal, message, by) {
      const result = await conversations.execute(conversationOf(goal, message) ?? `${goal}.none`, {
        type: 'replay',
        message,
        by,
      });
      return result.ok ? ok(undefined) : err(result.error);
    },
    async giveUp(goal, message) {
      const conversation = conversationOf(goal, message);
      if (conversation === undefined) return;
      await conversations.execute(conversation, { type: 'bury', message, reason: 'undeliverable' });
    },
    conversations: conversations.ids,
    conversation: stateOf,
    bind(doorbell) {
      engine.perform('message.deliver', (performance) => deliver(performance, doorbell));
      // Whoever waits for its answer goes on without one.
      engine.perform('message.gone', async (performance) => {
        const message = stateOf(performance.subject)?.messages[(performance.event.data as { message: string }).message];
        if (message?.dead) await doorbell.answered(message.goal, message.id);
        return null;
      });
      engine.perform('message.expire', async (performance) => ({
        stream: performance.stream,
        command: {
          type: 'expire',
          message: (performance.event.data as { message: string }).message,
        } satisfies ConversationCommand,
      }));
    },
  };
}
