import { z } from 'zod';
import { crewFile } from '#main/features/crew/index.ts';
import { leftOut, mcpServer, skill } from '#protocol/agent/brought.ts';

/**
 * All that was decided when the goal was stated and that later edits of files must not change. Stored as one payload.
 */
export const goalSetup = z.strictObject({
  crew: crewFile,
  commands: z.strictObject({
    setup: z.string().nullable(),
    verify: z.string().nullable(),
    acceptance: z.string().nullable(),
    /** Minutes a command may take. */
    minutes: z.number().positive(),
  }),
  /** Repository context that was trusted. */
  context: z.array(z.strictObject({ source: z.string(), text: z.string() })),
  extraMcpServers: z.record(z.string(), mcpServer),
  skills: z.array(skill).default([]),
  /** What the repository would bring for agents and is not loaded. */
  leftOut: z.array(leftOut).default([]),
  login: z.enum(['key', 'login']),
  executable: z.string().nullable(),
  author: z.strictObject({ name: z.string(), email: z.string() }),
  /** Absolute path of the user's repository. */
  repository: z.string(),
});

/** See {@link goalSetup}. */
export type GoalSetup = z.infer<typeof goalSetup>;
