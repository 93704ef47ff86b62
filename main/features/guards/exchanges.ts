import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { createBounded } from './bounded.ts';
import { LIMITS } from './limits.ts';
import type { Finding } from './observation.ts';
import { type PingPongState, pingPongStart, watchPingPong } from './ping-pong.ts';

/** A message that is about to be sent. */
export interface Draft {
  readonly goal: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
}

/** Messages between agents, watched for exchanges that go nowhere. */
export interface Exchanges {
  /** Looks at a message before it is stored; a fault refuses it. Each message is shown once. */
  screen(draft: Draft): Fault | null;
}

const CONVERSATIONS = 512;

/** See {@link Exchanges}. `onNotice` hears of an exchange that may still find its end by itself. */
export function createExchanges(
  onNotice: (goal: string, agents: readonly string[], finding: Finding) => void,
): Exchanges {
  const states = createBounded<PingPongState>(CONVERSATIONS);
  return {
    screen({ goal, from, to, subject, body }) {
      const agents = [...new Set([from, ...to])].sort();
      // What the CEO writes or reads is nobody's ping-pong.
      if (agents.includes('ceo')) return null;
      const key = `${goal} ${agents.join(' ')}`;
      const text = `${subject}\n${body}`;
      const { state, finding } = watchPingPong(states.get(key) ?? pingPongStart, { from, text }, LIMITS.pingPong);
      states.set(key, state);
      if (finding?.level === 'notice') onNotice(goal, agents, finding);
      if (finding?.level !== 'stop') return null;
      return faultOf(
        'nothing-new',
        'This exchange goes round in circles.',
        finding.evidence,
        'Decide with what you know and go on, or use ask_ceo.',
      );
    },
  };
}
