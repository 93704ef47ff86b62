import http, { type ServerResponse } from 'node:http';

/** Bytes of the long answer, sent to requests with `x-big: 1`; others get one of three events. */
export const STREAM_BYTES = 32 * 1024 * 1024;

function event(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

const head = event('message_start', { message: { usage: { input_tokens: 9, output_tokens: 1 } } });
const delta = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'x'.repeat(60) } });
const tail =
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } }) +
  event('message_stop', {});
const block = Buffer.from(delta.repeat(500));

function streamLong(response: ServerResponse): void {
  response.write(head);
  let sent = 0;
  const go = () => {
    while (sent < STREAM_BYTES) {
      sent += block.length;
      if (!response.write(block)) {
        response.once('drain', go);
        return;
      }
    }
    response.end(tail);
  };
  go();
}

/** The model server of the gateway bench, in a process of its own: it reads a request to its end, then answers at once. */
function serve(): void {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (request.headers['x-big'] === '1') streamLong(response);
      else response.end(head + delta + tail);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) process.send?.(address.port);
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.send) serve();
