import { describeTask, type TextOf } from '#protocol/model/goal/describe.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';

/** Columns of the board, in order. */
export const COLUMNS = [
  'backlog',
  'proposed',
  'waiting',
  'running',
  'needs-you',
  'failed',
  'done',
  'cancelled',
] as const;

/** See {@link COLUMNS}. */
export type Column = (typeof COLUMNS)[number];

/** The column of a task: what it says of itself, with the backlog and proposals apart. */
export function columnOf(goal: Goal, task: Task, textOf: TextOf): Column {
  if (task.status === 'proposed') return 'proposed';
  if (task.status === 'cancelled') return 'cancelled';
  if (task.status === 'open' && task.assignee.kind === 'nobody') return 'backlog';
  const { standing } = describeTask(goal, task, textOf);
  return standing === 'idle' ? 'waiting' : standing;
}

/** Ids of the tasks of each column, the oldest first. Replies and reviews serve other tasks. */
export function columnsOf(goal: Goal, textOf: TextOf): Record<Column, string[]> {
  const found = Object.fromEntries(COLUMNS.map((column) => [column, [] as string[]])) as Record<Column, string[]>;
  const tasks = Object.values(goal.tasks).filter(({ kind }) => kind !== 'reply' && kind !== 'review');
  for (const task of tasks.sort((one, other) => one.addedAt - other.addedAt))
    found[columnOf(goal, task, textOf)].push(task.id);
  return found;
}
