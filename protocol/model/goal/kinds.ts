import type { TaskKind } from './spec.ts';

// Without zod, because the page uses them too: zod probes for `eval`, which the page's policy forbids.

/** Nodes of the plan: what the CEO and the Lead write. The others serve them. */
export const PLANNED: ReadonlySet<TaskKind> = new Set(['work', 'gate', 'group']);
/** Nodes that no agent works on. */
export const WITHOUT_AGENT: ReadonlySet<TaskKind> = new Set(['gate', 'group']);
