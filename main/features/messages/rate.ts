import type { Conversation } from '#protocol/model/conversation/state.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { MESSAGES_A_MINUTE } from './limits.ts';

const MINUTE_MS = 60_000;
const UNLIMITED = new Set(['ceo', 'system']);

/** Counts what an agent sends, in all its conversations; what is being stored counts already. */
export interface RateGuard {
  /** Runs `send` unless the agent has sent its share of this minute; then resolves to the refusal. */
  guard<T>(from: string, conversations: readonly Conversation[], send: () => Promise<T>): Promise<T | Fault>;
}

/** What an agent sent within the last minute. The newest of a conversation are its last, so few are looked at. */
function sentSince(conversations: readonly Conversation[], from: string, since: number): number {
  let count = 0;
  for (const { order, messages } of conversations) {
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const message = messages[order[at] ?? ''];
      if (!message || message.sentAt <= since) break;
      if (message.from === from) count += 1;
    }
  }
  return count;
}

/** See {@link RateGuard}. */
export function createRateGuard(now: () => number): RateGuard {
  const underWay = new Map<string, number>();
  const add = (from: string, by: number) => underWay.set(from, (underWay.get(from) ?? 0) + by);
  return {
    async guard(from, conversations, send) {
      if (UNLIMITED.has(from)) return send();
      const sent = sentSince(conversations, from, now() - MINUTE_MS) + (underWay.get(from) ?? 0);
      if (sent >= MESSAGES_A_MINUTE)
        return faultOf(
          'too-many-messages',
          'You send too many messages.',
          `${MESSAGES_A_MINUTE} in a minute is the most.`,
          'Put what is left to say into one message, a minute from now.',
        );
      add(from, 1);
      try {
        return await send();
      } finally {
        add(from, -1);
      }
    },
  };
}
