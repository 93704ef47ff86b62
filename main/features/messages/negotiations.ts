import type { StreamHandle } from '#main/engine/engine.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Negotiation, owes, readWaitKey, turnMessage } from '#protocol/model/conversation/negotiation.ts';
import type { Binding } from '#protocol/model/conversation/negotiation-event.ts';
import type { Conversation } from '#protocol/model/conversation/state.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { ConversationCommand, NegotiationStep } from './command.ts';
import type { RateGuard } from './rate.ts';
import { noSuchNegotiation } from './refusals.ts';

/** A negotiation about to be opened. */
export interface Opening {
  readonly goal: string;
  readonly from: string;
  /** The other parties; agents' ids. */
  readonly to: readonly string[];
  /** What was written for them: an agent, a role, everyone. */
  readonly address: string;
  readonly subject: string;
  readonly text: string;
  readonly binds: Binding;
  /** Milliseconds the parties have before it goes to an arbiter. */
  readonly patience: number;
  /** Agents that may rule, in order; the CEO comes last by itself. */
  readonly arbiters: readonly string[];
  /** Hops behind the sender: see `SendCommand`. */
  readonly hopsBefore: number;
}

/** A step of a negotiation as a caller takes it. */
export type Response = NegotiationStep extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'message'>
    : never
  : never;

/** Negotiations as the rest of the orchestrator uses them. */
export interface NegotiationService {
  /** Opens one with its first proposal; the same id opens it once. */
  open(opening: Opening, id: string): Promise<Result<Negotiation, Fault>>;
  /** Takes a step; the same message id takes it once. */
  respond(goal: string, response: Response, message: string): Promise<Result<Negotiation, Fault>>;
  find(goal: string, negotiation: string): Negotiation | undefined;
  all(goal: string): Negotiation[];
  /** Whether the wait with this key is over: it is the agent's turn, or the negotiation has ended. */
  isOver(goal: string, key: string): boolean;
  /** Whether the message still wants this agent's answer. */
  isTurn(goal: string, negotiation: string, agent: string, message: string): boolean;
  /** An agent was woken for its turn and let it pass: the next arbiter is called. */
  passed(goal: string, negotiation: string, agent: string): Promise<void>;
}

/** What negotiations are made of. */
export interface NegotiationParts {
  readonly conversations: StreamHandle<Conversation, ConversationCommand>;
  readonly ofGoal: (goal: string) => readonly string[];
  readonly idFor: (goal: string, participants: readonly string[]) => string;
  readonly rate: RateGuard;
  readonly now: () => number;
}

/** See {@link NegotiationService}. */
export function createNegotiations(parts: NegotiationParts): NegotiationService {
  const { conversations, ofGoal } = parts;
  const stateOf = (id: string) => conversations.state(id);
  const conversationOf = (goal: string, negotiation: string) =>
    ofGoal(goal).find((id) => stateOf(id)?.negotiations[negotiation]);
  const find = (goal: string, negotiation: string) =>
    stateOf(conversationOf(goal, negotiation) ?? '')?.negotiations[negotiation];
  const states = (goal: string) => ofGoal(goal).flatMap((id) => stateOf(id) ?? []);

  async function execute(
    goal: string,
    conversation: string,
    command: ConversationCommand & { from: string; message: string; negotiation?: string | null },
  ) {
    const id = `send:${command.message}`;
    const known = stateOf(conversation)?.messages[command.message] !== undefined;
    const run = () => conversations.execute(conversation, command, { id });
    const stored = known ? await run() : await parts.rate.guard(command.from, states(goal), run);
    if ('tag' in stored) return err(stored);
    if (!stored.ok) return err(stored.error);
    const negotiation = stateOf(conversation)?.negotiations[command.negotiation ?? ''];
    return negotiation ? ok(negotiation) : err(noSuchNegotiation(command.negotiation ?? ''));
  }

  return {
    open(opening, negotiation) {
      const { patience, ...rest } = opening;
      const conversation = parts.idFor(opening.goal, [opening.from, ...opening.to]);
      const deadline = parts.now() + patience;
      return execute(opening.goal, conversation, {
        type: 'propose',
        negotiation,
        message: `${negotiation}_v1`,
        deadline,
        ...rest,
      });
    },
    async respond(goal, response, message) {
      const conversation = conversationOf(goal, response.negotiation);
      if (conversation === undefined) return err(noSuchNegotiation(response.negotiation));
      return execute(goal, conversation, { ...response, message });
    },
    find,
    all: (goal) => states(goal).flatMap((state) => Object.values(state.negotiations)),
    isOver(goal, key) {
      const wait = readWaitKey(key);
      const negotiation = wait && find(goal, wait.negotiation);
      return !wait || !negotiation || negotiation.ended !== null || owes(negotiation, wait.agent);
    },
    isTurn(goal, id, agent, message) {
      const negotiation = find(goal, id);
      return negotiation !== undefined && owes(negotiation, agent) && turnMessage(negotiation) === message;
    },
    async passed(goal, negotiation, by) {
      const conversation = conversationOf(goal, negotiation);
      if (conversation !== undefined) await conversations.execute(conversation, { type: 'silent', negotiation, by });
    },
  };
}
