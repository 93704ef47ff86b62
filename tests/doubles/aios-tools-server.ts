import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A tool call that reached the double. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly authorization: string | undefined;
}

/** A double of AIOS's MCP endpoint: Streamable HTTP, plain JSON answers. */
export interface AiosToolsServer {
  readonly url: string;
  readonly calls: readonly ToolCall[];
  close(): Promise<void>;
}

interface RpcMessage {
  readonly id?: number | string;
  readonly method: string;
  readonly params?: {
    readonly protocolVersion?: string;
    readonly name?: string;
    readonly arguments?: unknown;
  };
}

const INPUT = { type: 'object', properties: { question: { type: 'string' } } };

/** Starts the double with tools of these names; `answer` is what every call returns. */
export async function startAiosTools(names: readonly string[], answer: string): Promise<AiosToolsServer> {
  const calls: ToolCall[] = [];
  const result = (message: RpcMessage, authorization: string | undefined): object | undefined => {
    if (message.method === 'initialize') {
      const protocolVersion = message.params?.protocolVersion ?? '2025-06-18';
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'aios', version: '1' } };
    }
    if (message.method === 'tools/list') {
      return { tools: names.map((name) => ({ name, description: name, inputSchema: INPUT })) };
    }
    if (message.method !== 'tools/call') return undefined;
    calls.push({ name: message.params?.name ?? '', input: message.params?.arguments, authorization });
    return { content: [{ type: 'text', text: answer }] };
  };
  const respond = (response: ServerResponse, body: string, authorization: string | undefined): void => {
    const message: RpcMessage = JSON.parse(body);
    const value = result(message, authorization);
    if (message.id === undefined) {
      response.writeHead(202).end();
      return;
    }
    // An unknown method wants an answer too: Claude Code probes `server/discover` and would wait five seconds for it.
    const outcome = value ? { result: value } : { error: { code: -32601, message: 'Method not found' } };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...outcome }));
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') respond(response, body, request.headers.authorization);
      else response.writeHead(405).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    calls,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
