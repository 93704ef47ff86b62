import { z } from 'zod';

/**
 * What one run may do, enforced before each tool call. Paths are globs relative to the workspace; commands are exact
 * argument prefixes (`npm test` allows `npm test` and `npm test -- x`, never `npm test && rm`); one that is more than
 * a simple command allows itself alone, to the letter.
 */
export const toolPolicy = z.strictObject({
  /** Built-in tools of the driver that exist for this run at all, by the neutral names below. */
  tools: z.array(z.enum(['read', 'search', 'edit', 'shell', 'web', 'subagents'])),
  /** Globs an edit may touch; an edit elsewhere in the workspace is denied with the reason. */
  writable: z.array(z.string()),
  /** Globs no edit may touch, stronger than `writable`. */
  protected: z.array(z.string()),
  /** Shell commands that run without asking. Everything else is asked of the CEO. */
  commands: z.array(z.string()),
  /** Skills of the repository that may be used, by name. */
  skills: z.array(z.string()).optional(),
  /** AIOS tools (MCP) this role may use. */
  aiosTools: z.array(z.string()),
  /** AIOS tools that end the turn and are replayed when the answer is there, unless their input says `wait: false`. */
  deferred: z.array(z.string()),
  /** AIOS tools that do so only when their input says `wait: true`. */
  waitable: z.array(z.string()).optional(),
});

/** See {@link toolPolicy}. */
export type ToolPolicy = z.infer<typeof toolPolicy>;
