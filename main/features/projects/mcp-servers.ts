import { z } from 'zod';
import type { LeftOut, McpServer } from '#protocol/agent/brought.ts';

const texts = z.record(z.string(), z.string());
/** As Claude Code reads it; what else stands there is passed over. */
const entry = z.union([
  z.object({ type: z.enum(['http', 'sse']), url: z.string(), headers: texts.default({}) }),
  z.object({
    type: z.literal('stdio').optional(),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: texts.default({}),
  }),
]);
const file = z.object({ mcpServers: z.record(z.string(), z.unknown()).default({}) });

const SERVER_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** The name of AIOS's own server. */
const OWN = 'aios';
/** `${NAME}` or `${NAME:-otherwise}`. */
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Reads a `.mcp.json`. Its variables get their defaults: an agent's environment holds nothing of the operator's, so a
 * server that needs one that has none is left out. So is what is malformed; the others load.
 */
export function readMcpServers(text: string): {
  readonly found: Readonly<Record<string, McpServer>>;
  readonly leftOut: readonly LeftOut[];
} {
  const found: Record<string, McpServer> = {};
  const leftOut: LeftOut[] = [];
  const parsed = file.safeParse(jsonOf(text));
  if (!parsed.success) return { found, leftOut: [{ what: '.mcp.json', why: 'it is not a list of MCP servers' }] };
  for (const [name, given] of Object.entries(parsed.data.mcpServers)) {
    const server = serverOf(name, given);
    if (typeof server === 'string') leftOut.push({ what: `MCP server ${name.slice(0, 64)}`, why: server });
    else found[name] = server;
  }
  return { found, leftOut };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The server, or why it is none. */
function serverOf(name: string, given: unknown): McpServer | string {
  if (!SERVER_NAME.test(name) || name === OWN) return 'its name cannot be used';
  const parsed = entry.safeParse(given);
  if (!parsed.success) return 'it has neither a command nor an address';
  const missing = new Set<string>();
  const literal = (text: string) =>
    text.replaceAll(VARIABLE, (_, variable: string, otherwise: string | undefined) => {
      if (otherwise === undefined) missing.add(variable);
      return otherwise ?? '';
    });
  const all = (record: Record<string, string>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, literal(value)]));
  const { data } = parsed;
  const server: McpServer =
    'url' in data
      ? { type: data.type, url: literal(data.url), headers: all(data.headers) }
      : { command: literal(data.command), args: data.args.map(literal), env: all(data.env) };
  return missing.size === 0 ? server : `it needs ${[...missing].join(', ')}, which agents do not get`;
}
