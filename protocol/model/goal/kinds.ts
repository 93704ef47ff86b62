/** What a task is for. `gate` and `group` (a sub-plan) have no agent; `review` judges another attempt's diff. */
export const TASK_KINDS = ['plan', 'work', 'reply', 'review', 'gate', 'group'] as const;

/** See {@link TASK_KINDS}. */
export type TaskKind = (typeof TASK_KINDS)[number];

/** Nodes of the plan: what the CEO and the Lead write. The others serve them. */
export const PLANNED: ReadonlySet<TaskKind> = new Set(['work', 'gate', 'group']);
/** Nodes that no agent works on. */
export const WITHOUT_AGENT: ReadonlySet<TaskKind> = new Set(['gate', 'group']);
