import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { faultOf } from '#protocol/model/fault.ts';
import { SECURITY_HEADERS } from './headers.ts';

/** Nothing is at this address. */
export const NOT_FOUND = faultOf('not-found', 'There is nothing here.', 'The address is not one of ours.', 'Check it.');

/** What is sent back: always under our headers, which `headers` may replace. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: OutgoingHttpHeaders;
}

/** What is sent is JSON. */
export const JSON_HEADERS: OutgoingHttpHeaders = { 'content-type': 'application/json; charset=utf-8' };

/** An answer for programs. */
export const json = (status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer => ({
  status,
  body: JSON.stringify(value),
  headers: { ...JSON_HEADERS, ...headers },
});

/** Sends it, without its body when only the headers were asked for. */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, body, headers } = answer;
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
  // What nobody read is let pass, so that the connection can be used again.
  request.resume();
}
