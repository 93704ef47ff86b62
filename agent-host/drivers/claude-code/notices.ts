import type { Query } from '@anthropic-ai/claude-agent-sdk';
import type { Notice } from '../driver.ts';
import type { InputStream } from './input-stream.ts';

/** Longer than Claude Code needs to look into its queue; a call is not held up by one that does not answer. */
const WITHIN_MS = 1_000;

/** The SDK can do it and its types do not say so: drops a message that waits for its turn; false when that has begun. */
interface Cancels {
  cancelAsyncMessage(uuid: string): Promise<boolean>;
}

const cancels = (running: unknown): running is Cancels =>
  typeof running === 'object' &&
  running !== null &&
  'cancelAsyncMessage' in running &&
  typeof running.cancelAsyncMessage === 'function';

/** Notices said to a running Claude Code. */
export interface Notices {
  say(notice: Notice): void;
  /**
   * Takes back what Claude Code has not read, and says nothing from now on. A call that is deferred ends the turn, and a
   * message that waits then would begin another one, in which the deferred call is forgotten. Never rejects.
   */
  withdraw(): Promise<void>;
}

/** Notices of one run. Whoever rings rings again at the next one, so one that is taken back is not lost. */
export function createNotices(input: InputStream, running: () => Query): Notices {
  const said: string[] = [];
  let silent = false;
  return {
    say({ text }) {
      const uuid = silent ? null : input.say(text);
      if (uuid !== null) said.push(uuid);
    },
    async withdraw() {
      silent = true;
      const query = running();
      if (said.length === 0 || !cancels(query)) return;
      const late = new Promise<void>((resolve) => setTimeout(resolve, WITHIN_MS).unref());
      // One that fails is one that Claude Code has read, or the end of it all.
      await Promise.race([Promise.allSettled(said.map((uuid) => query.cancelAsyncMessage(uuid))), late]);
    },
  };
}
