import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A content block that the double says. */
export type ModelBlock =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      /** Streamed in place of the input, as it stands: for input that is no JSON. */
      readonly raw?: string;
    };

/** One request of the Messages API, as far as scripts look at it. */
export interface ModelRequest {
  readonly model: string;
  readonly system?: unknown;
  readonly stream?: boolean;
  readonly max_tokens: number;
  readonly tools?: ReadonlyArray<{ readonly name: string }>;
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>;
}

/** Tokens the double claims; what is not given is small. */
export interface ModelUsage {
  readonly input?: number;
  readonly output?: number;
}

/** What the double answers: blocks, an HTTP error, a web page, silence until closed, or a stream cut after its first block. */
export type ModelReply =
  | { readonly blocks: readonly ModelBlock[]; readonly usage?: ModelUsage }
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly html: string }
  | { readonly hang: true }
  | { readonly cut: true };

/** A double of the Messages API on loopback. */
export interface ModelServer {
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  /** The key each request came with, in the same order. */
  readonly keys: readonly string[];
  /** Resolves when a request satisfies the predicate, also an earlier one. */
  seen(predicate: (request: ModelRequest) => boolean): Promise<ModelRequest>;
  close(): Promise<void>;
}

const DEFAULT_USAGE = { input: 100, output: 20 } as const;

function event(response: ServerResponse, type: string, data: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

function streamBlock(response: ServerResponse, block: ModelBlock, index: number): void {
  const isText = block.type === 'text';
  const start = isText ? { type: 'text', text: '' } : { type: block.type, id: block.id, name: block.name, input: {} };
  const delta = isText
    ? { type: 'text_delta', text: block.text }
    : { type: 'input_json_delta', partial_json: block.raw ?? JSON.stringify(block.input) };
  event(response, 'content_block_start', { index, content_block: start });
  event(response, 'content_block_delta', { index, delta });
  event(response, 'content_block_stop', { index });
}

function message(
  id: string,
  model: string,
  content: readonly ModelBlock[],
  stop: string | null,
  usage: ModelUsage = {},
): object {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input ?? DEFAULT_USAGE.input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: stop === null ? 1 : (usage.output ?? DEFAULT_USAGE.output),
    },
  };
}

function stopOf(blocks: readonly ModelBlock[]): string {
  return blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
}

function stream(
  response: ServerResponse,
  id: string,
  request: ModelRequest,
  blocks: readonly ModelBlock[],
  usage: ModelUsage,
): void {
  event(response, 'message_start', { message: message(id, request.model, [], null, usage) });
  for (const [index, block] of blocks.entries()) streamBlock(response, block, index);
  const delta = { stop_reason: stopOf(blocks), stop_sequence: null };
  event(response, 'message_delta', { delta, usage: { output_tokens: usage.output ?? DEFAULT_USAGE.output } });
  event(response, 'message_stop', {});
  response.end();
}

function cut(response: ServerResponse, id: string, request: ModelRequest): void {
  event(response, 'message_start', { message: message(id, request.model, [], null) });
  event(response, 'content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  response.socket?.destroySoon();
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message: text } }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Starts the double; `script` decides each answer from the whole request, so a resumed session needs no memory here. */
export async function startModelServer(
  script: (request: ModelRequest) => ModelReply | Promise<ModelReply>,
  /** A port it had before, for an endpoint that comes back; 0 takes a free one. */
  port0 = 0,
): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const keys: string[] = [];
  const waiting = new Set<(request: ModelRequest) => void>();
  const answer = async (response: ServerResponse, request: ModelRequest): Promise<void> => {
    const id = `msg_${requests.length}`;
    const reply = await script(request);
    if ('hang' in reply) return;
    if ('status' in reply) {
      refuse(response, reply.status, reply.message, reply.headers);
      return;
    }
    if ('html' in reply) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(reply.html);
      return;
    }
    if ('blocks' in reply && request.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(message(id, request.model, reply.blocks, stopOf(reply.blocks), reply.usage)));
      return;
    }
    if ('cut' in reply && request.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
      response.socket?.destroySoon();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if ('cut' in reply) cut(response, id, request);
    else stream(response, id, request, reply.blocks, reply.usage ?? {});
  };
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      if (incoming.method !== 'POST' || !incoming.url?.includes('/v1/messages'))
        return void response.writeHead(200).end();
      const request: ModelRequest = JSON.parse(body);
      requests.push(request);
      keys.push(String(incoming.headers['x-api-key'] ?? ''));
      for (const tell of waiting) tell(request);
      return answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(port0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    keys,
    seen(predicate) {
      const earlier = requests.find(predicate);
      if (earlier) return Promise.resolve(earlier);
      return new Promise((resolve) => {
        const tell = (request: ModelRequest) => {
          if (!predicate(request)) return;
          waiting.delete(tell);
          resolve(request);
        };
        waiting.add(tell);
      });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
