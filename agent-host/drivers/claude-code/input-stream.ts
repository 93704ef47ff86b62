import { randomUUID } from 'node:crypto';
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';

type Uuid = NonNullable<SDKUserMessage['uuid']>;

/** What is said to a running Claude Code: the prompt first, notices later. Open until closed, so that notices can follow. */
export interface InputStream extends AsyncIterable<SDKUserMessage> {
  /** Returns what the message is called, to take it back by; null when nothing more may be said. */
  say(text: string): string | null;
  /** Nothing more will be said; what was said before is still read. */
  close(): void;
}

/** Texts are delivered as written: without `client_composed` one that starts with `/` would run as a command. */
function userMessage(session: string, uuid: Uuid, text: string): SDKUserMessage {
  return {
    type: 'user',
    uuid,
    message: { role: 'user', content: text },
    parent_tool_use_id: null,
    session_id: session,
    client_composed: true,
  };
}

/** An empty, open stream for one session. */
export function inputStream(session: string): InputStream {
  const waiting: SDKUserMessage[] = [];
  let closed = false;
  let wake: () => void = () => undefined;
  async function* read(): AsyncGenerator<SDKUserMessage> {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (closed) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    say(text) {
      if (closed) return null;
      const uuid = randomUUID();
      waiting.push(userMessage(session, uuid, text));
      wake();
      return uuid;
    },
    close() {
      closed = true;
      wake();
    },
    [Symbol.asyncIterator]: read,
  };
}
