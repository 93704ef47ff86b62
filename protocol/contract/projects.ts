import { z } from 'zod';
import type { Project } from '../model/project/state.ts';
import { base, commandId, done } from './base.ts';

const path = z.string().min(1).max(4_096);

/** What AIOS found when it looked at a repository, before anything is trusted. */
export const inspection = z.object({
  project: z.string(),
  path: z.string(),
  branch: z.string(),
  head: z.string(),
  warnings: z.array(z.string()),
  commands: z.object({ setup: z.string().nullable(), verify: z.string().nullable(), source: z.string() }),
  trust: z.object({
    digest: z.string(),
    trusted: z.boolean(),
    items: z.array(z.object({ kind: z.string(), path: z.string(), summary: z.string() })),
  }),
});

/** Repositories the CEO works on. */
export const projectsContract = {
  inspect: base.route({ method: 'GET', path: '/projects/inspect' }).input(z.object({ path })).output(inspection),
  list: base.route({ method: 'GET', path: '/projects' }).output(z.array(z.custom<Project>())),
  trust: base
    .route({ method: 'POST', path: '/projects/trust' })
    .input(z.object({ path, digest: z.string(), command: commandId }))
    .output(done),
  setCommands: base
    .route({ method: 'POST', path: '/projects/commands' })
    .input(
      z.object({
        path,
        setup: z.string().max(2_000).nullable(),
        verify: z.string().max(2_000).nullable(),
        acceptance: z.string().max(2_000).nullable(),
        command: commandId,
      }),
    )
    .output(done),
};

/** See {@link inspection}. */
export type Inspection = z.infer<typeof inspection>;
