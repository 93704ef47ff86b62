import { z } from 'zod';

/** An MCP server that a repository brings for agents, as its `.mcp.json` has it; everything in it is literal. */
export const mcpServer = z.union([
  z.strictObject({ command: z.string(), args: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  z.strictObject({ type: z.enum(['http', 'sse']), url: z.string(), headers: z.record(z.string(), z.string()) }),
]);

/** A skill that a repository brings for agents: a folder with a `SKILL.md`. Paths are relative to that folder. */
export const skill = z.strictObject({
  name: z.string(),
  files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
});

/** Something a repository would bring and that is not loaded, and why. */
export const leftOut = z.strictObject({ what: z.string(), why: z.string() });

/** See {@link mcpServer}. */
export type McpServer = z.infer<typeof mcpServer>;
/** See {@link skill}. */
export type Skill = z.infer<typeof skill>;
/** See {@link leftOut}. */
export type LeftOut = z.infer<typeof leftOut>;
