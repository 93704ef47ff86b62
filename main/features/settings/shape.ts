import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
/** Values of the catalogue's settings, by key. */
const values = z.record(z.string().max(100), z.union([z.string().max(10_000), z.number(), z.boolean()]));

/** The operator's settings: `settings.json` in the data folder, mode 0600. Never read from a repository. */
export const settings = z.strictObject({
  apiKey: z.string().min(1).max(500).optional(),
  baseUrl: httpUrl.optional(),
  /** Further endpoints that goals may name. */
  upstreams: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/),
        baseUrl: httpUrl,
        apiKey: z.string().max(500).optional(),
      }),
    )
    .max(20)
    .default([]),
  executable: z.string().max(4_096).optional(),
  agentCap: z.number().int().positive().max(1_000).optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  values: values.default({}),
  /** What projects have of their own, by path. */
  projects: z.record(z.string().max(4_096), values).default({}),
});

/** See {@link settings}. */
export type Settings = z.infer<typeof settings>;

/** What does not fit, for people. */
export const complaintOf = (error: z.ZodError): string => z.prettifyError(error).replaceAll('\n', ' ');
