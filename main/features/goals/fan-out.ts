import type { Task } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import type { Draft } from './draft.ts';

/** Most children of one fan-out. */
export const FAN_OUT_LIMIT = 50;

/**
 * Adds the children of a fan-out, one for each item that the node before it named. False while that node is not over.
 * More than may be are cut off and the CEO is told, since nobody asked for a flood.
 */
export function expand(draft: Draft, group: Task): boolean {
  const each = group.spec?.each;
  const source = each === undefined ? undefined : draft.goal.tasks[each.from];
  if (each === undefined || source === undefined) return true;
  if (!TASK_OVER.has(source.status)) return false;
  const items = source.items ?? [];
  const room = Math.min(FAN_OUT_LIMIT, Math.max(0, draft.goal.limits.tasks - Object.keys(draft.goal.tasks).length));
  if (items.length > room) tooMany(draft, group, items.length, room);
  for (const item of items.slice(0, room)) {
    draft.emit({
      type: 'task.added',
      task: draft.id('task'),
      kind: 'work',
      title: item,
      brief: each.brief,
      assignee: each.role === null ? { kind: 'anyone' } : { kind: 'role', role: each.role },
      dependsOn: [],
      proposed: false,
      by: group.by,
      about: null,
      spec: { parent: group.id },
    });
  }
  return true;
}

function tooMany(draft: Draft, group: Task, asked: number, room: number): void {
  const evidence = draft.context.keep(`A fan-out named ${asked} items; ${room} became tasks.`);
  draft.emit({ type: 'guard.intervened', guard: 'fan-out', action: 'refused', attempt: null, run: null, evidence });
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'stuck',
    task: null,
    attempt: null,
    title: draft.context.keep(
      `A fan-out named ${asked} items; ${room} became tasks. Add others by hand if you want them.`,
    ),
    detail: group.title,
  });
}
