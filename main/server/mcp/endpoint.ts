import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { z } from 'zod';
import { type Caller, type Picture, recordRefusal, TOOLS, type ToolWorld } from '#main/features/tools/index.ts';
import type { Fault } from '#protocol/model/fault.ts';

/** Longest request body, bytes. */
const BODY_LIMIT = 16 * 1024 * 1024;
/** No tool blocks longer than this; what takes longer defers. */
const TOOL_TIMEOUT_MS = 25_000;

const SCHEMAS = new Map(TOOLS.map((tool) => [tool.name, z.toJSONSchema(tool.input, { io: 'input' })]));

const textOf = (fault: Fault) => `Refused: ${fault.what} ${fault.why} ${fault.next}`;

function show({ type, bytes }: Picture) {
  return {
    content: [{ type: 'image' as const, data: Buffer.from(bytes).toString('base64'), mimeType: type }],
    isError: false,
  };
}

async function callTool(caller: Caller, world: ToolWorld, name: string, raw: unknown, toolUseId: string | null) {
  const say = (text: string, isError: boolean) => ({ content: [{ type: 'text' as const, text }], isError });
  const tool = TOOLS.find((each) => each.name === name && caller.allowed.has(name));
  if (!tool) return say(`Refused: there is no tool "${name.slice(0, 60)}" for your role.`, true);
  const input = tool.input.safeParse(raw ?? {});
  if (!input.success) return say(`Refused: the input does not fit. ${z.prettifyError(input.error)}`, true);
  const call = { caller, toolUseId, world };
  const result = await tool.run(input.data, call);
  if (!result.ok) await recordRefusal(call, result.error);
  if (!result.ok) return say(textOf(result.error), true);
  return typeof result.value === 'string' ? say(result.value, false) : show(result.value);
}

const meta = z.object({ 'claudecode/toolUseId': z.string().max(200).optional() }).loose();

/** Checks what a client was asked for with a schema. We ask for nothing, and the SDK's own is costly to make each time. */
const NOTHING_ASKED: jsonSchemaValidator = {
  getValidator() {
    throw new Error('no client is asked for anything that has a schema');
  },
};

function serverFor(caller: Caller, world: ToolWorld): Server {
  const server = new Server(
    { name: 'aios', version: '1' },
    { capabilities: { tools: {} }, jsonSchemaValidator: NOTHING_ASKED },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.filter((tool) => caller.allowed.has(tool.name)).map((tool) => ({
      name: tool.name,
      description: tool.description,
      inputSchema: SCHEMAS.get(tool.name) as { type: 'object' },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async (request) => {
    const marks = meta.safeParse(request.params._meta ?? {});
    const toolUseId = marks.success ? (marks.data['claudecode/toolUseId'] ?? null) : null;
    return callTool(caller, world, request.params.name, request.params.arguments, toolUseId);
  });
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: status === 401 ? -32001 : -32700, message } }),
  );
}

/**
 * The MCP endpoint of one orchestrator: Streamable HTTP, stateless, JSON answers. The caller is who the bearer token
 * says. Host and Origin are checked by the HTTP server before this is reached.
 */
export function createMcpEndpoint(parts: {
  readonly world: ToolWorld;
  /** The run a token belongs to; undefined when it is unknown or revoked. */
  readonly callerOf: (token: string) => Caller | undefined;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const header = request.headers.authorization ?? '';
    const caller = header.startsWith('Bearer ') ? parts.callerOf(header.slice(7)) : undefined;
    if (!caller) return answer(response, 401, 'unknown run token');
    if (request.method !== 'POST') return answer(response, 405, 'POST only');
    const body = await bodyOf(request);
    if (body === undefined || Array.isArray(body))
      return answer(response, 400, 'one JSON-RPC message of at most 16 MiB');
    const server = serverFor(caller, parts.world);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    response.setTimeout(TOOL_TIMEOUT_MS, () => response.destroy());
    // The SDK's transport type predates exactOptionalPropertyTypes; it is the documented pair.
    await server.connect(transport as Parameters<Server['connect']>[0]);
    await transport.handleRequest(request, response, body);
  };
}
