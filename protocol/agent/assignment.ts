import { z } from 'zod';
import { leftOut, mcpServer, skill } from './brought.ts';
import { toolPolicy } from './policy.ts';

/** The decision on a tool call that an earlier run of the same session deferred. */
export const resolution = z.strictObject({
  toolUseId: z.string(),
  decision: z.enum(['allow', 'deny']),
  /** Shown to the model when the call is denied. */
  reason: z.string().optional(),
});

/** Everything an agent-host needs to perform one run. Sent once, over the host's channel, never in argv. */
export const assignment = z.strictObject({
  run: z.string(),
  driver: z.string(),
  agent: z.strictObject({ id: z.string(), name: z.string(), role: z.string() }),
  model: z.string(),
  /** The driver's session: preset, so that a killed run resumes it. */
  session: z.strictObject({ id: z.uuid(), resume: z.boolean() }),
  /** What the agent is told first. Absent when a resumed session only continues with its deferred call. */
  prompt: z.string().optional(),
  systemPrompt: z.string(),
  /** Absolute path of the run's own clone. */
  workspace: z.string(),
  /** Absolute path of a private folder for the driver's configuration, sessions and HOME; survives the run. */
  home: z.string(),
  /** The model gateway's base URL for this run; the run token is part of it. The only way to a model. */
  gateway: z.string(),
  /** AIOS's own tools; the token travels in a header. */
  mcp: z.strictObject({ url: z.string(), token: z.string() }),
  policy: toolPolicy,
  resolved: z.array(resolution),
  limits: z.strictObject({
    maxTurns: z.number().int().positive(),
    maxOutputTokens: z.number().int().positive(),
  }),
  /** Variables the profile lets through, on top of the host's minimal set. */
  environment: z.record(z.string(), z.string()),
  /** `key`: the gateway holds a key, own configuration directory. `login`: the user's own login, left where it is. */
  login: z.enum(['key', 'login']),
  /** The user's own agent executable instead of the driver's, absolute. */
  executable: z.string().optional(),
  /** Repository context that was trusted, as text (CLAUDE.md, AGENTS.md), and what it was read from. */
  context: z.array(z.strictObject({ source: z.string(), text: z.string() })),
  /** MCP servers of the repository that were trusted and that this role may use. */
  extraMcpServers: z.record(z.string(), mcpServer),
  /** Skills of the repository that were trusted. */
  skills: z.array(skill),
  /** What the repository would bring and this run does not load. */
  leftOut: z.array(leftOut),
  sandbox: z.strictObject({
    kind: z.enum(['bubblewrap', 'seatbelt', 'none']),
    /** Absolute paths the agent may read besides the system's and its own (the hub's objects, for example). */
    readable: z.array(z.string()),
  }),
});

/** See {@link assignment}. */
export type Assignment = z.infer<typeof assignment>;
/** See {@link resolution}. */
export type Resolution = z.infer<typeof resolution>;
