import { z } from 'zod';
import { fault } from '../model/fault-shape.ts';
import { leftOut } from './brought.ts';

/** Token counts of one run so far. Cumulative: the last one stands. */
export const tokenUsage = z.strictObject({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cacheWrite: z.number().int().nonnegative(),
  cacheRead: z.number().int().nonnegative(),
});

/** A tool call the run stopped at. Resuming with a resolution replays exactly this call. */
export const deferredCall = z.strictObject({
  toolUseId: z.string(),
  /** `permission`: the CEO must decide. `await`: an AIOS tool whose answer is not there yet. */
  kind: z.enum(['permission', 'await']),
  tool: z.string(),
  /** The exact input, JSON. */
  input: z.string(),
  /** Display-ready: the exact command, path or question, never truncated. */
  title: z.string(),
  reason: z.string(),
});

/** What a driver says, neutral and display-ready. A driver never throws: failure is `failed`. */
export const agentEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('started'),
    session: z.string(),
    /**
     * Where the session is kept, relative to the assignment's home; `*` stands for one name. Empty where it is not the
     * orchestrator's to keep, or where nothing is needed to resume.
     */
    sessionFiles: z.array(z.string()).default([]),
    /** Process ids the driver started, for CPU and memory figures. */
    pids: z.array(z.number().int()),
    /** What was loaded: tools, MCP servers, context files, skills; and what the repository would bring and was not. */
    loaded: z.strictObject({
      tools: z.array(z.string()),
      mcpServers: z.array(z.strictObject({ name: z.string(), status: z.string() })),
      context: z.array(z.string()),
      skills: z.array(z.string()).default([]),
      leftOut: z.array(leftOut).default([]),
    }),
  }),
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('thinking'), text: z.string() }),
  z.strictObject({
    type: z.literal('tool-call'),
    toolUseId: z.string(),
    /** Neutral kind, for icons and grouping. */
    kind: z.enum(['read', 'search', 'edit', 'shell', 'web', 'aios', 'other']),
    tool: z.string(),
    /** One line, display-ready. */
    title: z.string(),
    input: z.string(),
  }),
  z.strictObject({
    type: z.literal('tool-result'),
    toolUseId: z.string(),
    ok: z.boolean(),
    /** Capped at 64 KiB with a marker. */
    output: z.string(),
  }),
  z.strictObject({
    type: z.literal('usage'),
    usage: tokenUsage,
    /** Tokens of the session after its last model call: prompt and answer together. Absent where that is not known. */
    context: z.number().int().nonnegative().optional(),
  }),
  z.strictObject({ type: z.literal('deferred'), call: deferredCall }),
  z.strictObject({
    type: z.literal('denied'),
    toolUseId: z.string(),
    tool: z.string(),
    title: z.string(),
    reason: z.string(),
  }),
  z.strictObject({
    type: z.literal('finished'),
    /** `completed`: the agent ended its turn. `deferred`: it waits for a resolution. */
    reason: z.enum(['completed', 'deferred', 'interrupted', 'turn-limit']),
    text: z.string(),
  }),
  z.strictObject({
    type: z.literal('failed'),
    /** `budget`: the gateway refused with 402; `upstream`: the model endpoint failed; `crashed`: the agent process died. */
    kind: z.enum(['budget', 'upstream', 'login', 'crashed', 'protocol', 'session-lost']),
    fault,
  }),
]);

/** See {@link agentEvent}. */
export type AgentEvent = z.infer<typeof agentEvent>;
/** See {@link deferredCall}. */
export type DeferredCall = z.infer<typeof deferredCall>;
/** See {@link tokenUsage}. */
export type TokenUsage = z.infer<typeof tokenUsage>;
