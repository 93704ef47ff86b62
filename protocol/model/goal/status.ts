/**
 * Life of a goal. `verifying`: everything is merged and the whole is checked. `ready`: it waits for the CEO to accept it.
 * `stuck`: nothing moves until the CEO answers.
 */
export const GOAL_TRANSITIONS = {
  planning: ['awaiting-approval', 'running', 'verifying', 'stuck', 'stopped'],
  'awaiting-approval': ['running', 'planning', 'stopped', 'stuck'],
  running: ['verifying', 'stuck', 'stopped', 'awaiting-approval'],
  verifying: ['ready', 'stuck', 'stopped', 'running'],
  ready: ['running', 'accepted', 'stopped'],
  stuck: ['running', 'stopped', 'planning', 'awaiting-approval', 'verifying'],
  accepted: [],
  stopped: ['running'],
} as const satisfies Record<string, readonly string[]>;

/** Life of a task. `unverified`: the work is there but nothing proved it; the CEO accepts the diff or not. */
export const TASK_TRANSITIONS = {
  proposed: ['open', 'cancelled'],
  open: ['active', 'cancelled'],
  active: ['open', 'unverified', 'done', 'failed', 'cancelled'],
  unverified: ['active', 'done', 'failed', 'cancelled', 'open'],
  done: [],
  failed: ['open', 'cancelled'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

/**
 * Life of an attempt. `queued`: a run is ordered and waits for the machine. `unknown`: its process is gone and what it
 * did last is not known; policy or the CEO resolves it.
 */
export const ATTEMPT_TRANSITIONS = {
  preparing: ['queued', 'failed', 'cancelled', 'waiting'],
  queued: ['running', 'waiting', 'unknown', 'failed', 'cancelled', 'verifying', 'completed'],
  running: ['waiting', 'queued', 'verifying', 'completed', 'unknown', 'failed', 'cancelled'],
  waiting: ['queued', 'failed', 'cancelled', 'verifying', 'merge-queued', 'completed'],
  unknown: ['queued', 'waiting', 'verifying', 'failed', 'cancelled'],
  verifying: ['queued', 'waiting', 'merge-queued', 'completed', 'failed', 'cancelled'],
  'merge-queued': ['merging', 'cancelled', 'failed'],
  merging: ['merged', 'queued', 'waiting', 'failed', 'cancelled', 'merge-queued', 'completed'],
  merged: [],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

/** See {@link GOAL_TRANSITIONS}. */
export type GoalStatus = keyof typeof GOAL_TRANSITIONS;
/** See {@link TASK_TRANSITIONS}. */
export type TaskStatus = keyof typeof TASK_TRANSITIONS;
/** See {@link ATTEMPT_TRANSITIONS}. */
export type AttemptStatus = keyof typeof ATTEMPT_TRANSITIONS;

/** Whether a table allows a step. Staying is always allowed. */
export function mayBecome<S extends string>(table: Record<S, readonly string[]>, from: S, to: S): boolean {
  return from === to || table[from].includes(to);
}

/** Attempts that hold their agent: something is or will be running without anybody's decision. */
export const OCCUPYING: ReadonlySet<AttemptStatus> = new Set(['preparing', 'queued', 'running', 'unknown']);
/** Attempts that are over. */
export const ATTEMPT_OVER: ReadonlySet<AttemptStatus> = new Set(['merged', 'completed', 'failed', 'cancelled']);
/** Tasks that are over. */
export const TASK_OVER: ReadonlySet<TaskStatus> = new Set(['done', 'failed', 'cancelled']);
