import type { AgentResponse } from './agent-response.ts';

/** Machine-readable reasons the gateway answers with, in `error.type`. */
export type ReplyType =
  | 'billing_error'
  | 'aios_upstream_unavailable'
  | 'aios_upstream_waiting'
  | 'aios_upstream_login'
  | 'aios_upstream_cut'
  | 'invalid_request_error'
  | 'request_too_large'
  | 'not_found_error'
  | 'permission_error';

/** An error in the form of the Messages API. */
export interface Reply {
  readonly status: number;
  readonly type: ReplyType;
  readonly message: string;
}

/**
 * A reply that ends an agent's turn at once. 402 is the one status Claude Code neither retries nor takes for a lost
 * login: the turn ends in about 30 ms and the session can be resumed. 401, 429 and 5xx start minutes of retries.
 * Agents pass on the message but not always the type, and 402 alone would read as a budget: the message says both.
 */
export function ending(type: ReplyType, message: string): Reply {
  return { status: 402, type, message: type.startsWith('aios_') ? `${message} [${type}]` : message };
}

/** Body of an error in the form of the Messages API. */
export function replyBody(reply: Reply): string {
  return JSON.stringify({ type: 'error', error: { type: reply.type, message: reply.message } });
}

/** Answers with an error, unless something was sent already: then only the connection can be ended. */
export function sendReply(response: AgentResponse, reply: Reply): void {
  if (response.headSent || response.gone) {
    response.destroy();
    return;
  }
  const body = replyBody(reply);
  response.writeHead(
    reply.status,
    new Map([
      ['content-type', 'application/json'],
      ['content-length', String(Buffer.byteLength(body))],
      ['x-should-retry', 'false'],
    ]),
  );
  response.end(body);
}

/** An `error` event for a stream that was cut: Claude Code drops the partial answer and repeats the call once, whole. */
export function cutEvent(message: string): string {
  const data = { type: 'error', error: { type: 'api_error', message } };
  return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
}
