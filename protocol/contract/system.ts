import { z } from 'zod';
import { base } from './base.ts';

/** One thing the doctor looked at. */
export const finding = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'missing', 'broken']),
  detail: z.string(),
  next: z.string(),
});

/** The orchestrator itself. */
export const systemContract = {
  info: base.route({ method: 'GET', path: '/system' }).output(
    z.object({
      version: z.string(),
      epoch: z.number(),
      pid: z.number(),
      home: z.string(),
      startedAt: z.number(),
      profile: z.string(),
      agents: z.object({ running: z.number(), waiting: z.number(), cap: z.number() }),
      upstreams: z.array(
        z.object({
          id: z.string(),
          state: z.enum(['up', 'down', 'unknown']),
          cause: z.string(),
          scripted: z.boolean(),
        }),
      ),
      loopDelayP99Ms: z.number(),
      residentBytes: z.number(),
      problems: z.array(z.string()),
    }),
  ),
  doctor: base.route({ method: 'GET', path: '/system/doctor' }).output(z.array(finding)),
  shutdown: base.route({ method: 'POST', path: '/system/shutdown' }).output(z.object({ stopping: z.boolean() })),
};

/** See {@link finding}. */
export type Finding = z.infer<typeof finding>;
