import { z } from 'zod';
import { collisionPolicy } from '#protocol/model/goal/collision.ts';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes');
/** In a role's `mcpServers`: every one. */
export const ANY_SERVER = '*';

const line = z.string().trim().min(1).max(200);

/** What one role is, and above all what it may do; every field here but `prompt` is enforced. */
export const roleFile = z.strictObject({
  title: line,
  /** Tens of words, not hundreds. */
  prompt: z.string().trim().min(1).max(2_000),
  driver: name,
  model: line,
  lead: z.boolean().default(false),
  count: z.number().int().min(1).max(20).default(1),
  tools: z.array(z.enum(['read', 'search', 'edit', 'shell', 'web', 'subagents'])),
  /** Globs, relative to the workspace. */
  writable: z.array(line).default([]),
  protected: z.array(line).default([]),
  /** What it rules on when others do not agree: words of a subject (`api`, `due dates`) or globs of files (`src/api/**`). */
  owns: z.array(line).max(100).default([]),
  /** Commands that run without asking, beside the project's own set-up and verify commands. */
  commands: z.array(line).default([]),
  aiosTools: z.array(name.or(z.string().regex(/^[a-z_]+$/))),
  /** MCP servers of the repository that it may use, by name; `*` for all. They load where `context.mcpServers` says so. */
  mcpServers: z.array(line).default([]),
  /** Overrides the project's verify command for this role's work. */
  verify: line.optional(),
  caps: z
    .strictObject({
      usd: z.number().positive().optional(),
      turns: z.number().int().positive().optional(),
      minutes: z.number().positive().optional(),
      outputTokens: z.number().int().positive().optional(),
      /** Tokens a session may grow to before a fresh one succeeds it; default: four fifths of a usual context. */
      contextTokens: z.number().int().min(1_000).optional(),
    })
    .default({}),
});

/** A crew: roles and the limits of a goal it works on. */
export const crewFile = z.strictObject({
  name,
  title: line,
  roles: z.record(name, roleFile),
  limits: z
    .strictObject({
      attempts: z.number().int().min(1).max(10).default(2),
      fixes: z.number().int().min(0).max(20).default(3),
      nudges: z.number().int().min(0).max(10).default(2),
      recoveries: z.number().int().min(0).max(50).default(4),
      tasks: z.number().int().min(1).max(10_000).default(200),
      usd: z.number().positive().default(10),
    })
    .default({ attempts: 2, fixes: 3, nudges: 2, recoveries: 4, tasks: 200, usd: 10 }),
  /** What is done about a conflict that is seen coming. */
  collisions: collisionPolicy.default('warn'),
  /** Repository context that is loaded once trusted. */
  context: z
    .strictObject({
      files: z.array(line).default(['CLAUDE.md', 'AGENTS.md']),
      skills: z.boolean().default(true),
      mcpServers: z.boolean().default(false),
    })
    .default({ files: ['CLAUDE.md', 'AGENTS.md'], skills: true, mcpServers: false }),
});

/** See {@link crewFile}. */
export type CrewFile = z.infer<typeof crewFile>;
/** See {@link roleFile}. */
export type RoleFile = z.infer<typeof roleFile>;
