import type { Order } from '#main/engine/area.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';

const now = (kind: string): Order => ({ kind, dueAt: null });

/** The effect each event of a goal orders. */
export function goalOrder(event: GoalEvent): Order | null {
  switch (event.type) {
    case 'attempt.started':
      return now('workspace.prepare');
    case 'run.ordered':
      return now('run.perform');
    case 'run.started':
      return { kind: 'run.overdue', dueAt: event.until };
    case 'run.interrupt-ordered':
      return now('run.interrupt');
    case 'attempt.handover-ordered':
      return now('attempt.hand-over');
    case 'check.ordered':
      return now('attempt.check');
    case 'merge.ordered':
      return now('attempt.merge');
    case 'batch.ordered':
      return now('attempts.merge');
    case 'collision.acted':
      return now('collision.tell');
    case 'lease.taken':
    case 'lease.renewed':
      return { kind: 'lease.expire', dueAt: event.until };
    case 'attempt.ended':
      return now('workspace.remove');
    case 'attempt.waits':
      return event.wait.until === null ? null : { kind: 'wait.due', dueAt: event.wait.until };
    case 'plan-file.ordered':
      return now('plan.write');
    case 'plan-edit.accepted':
      return now('plan.apply');
    case 'node.opened':
      if (event.check) return now('gate.check');
      return event.until === null ? null : { kind: 'node.due', dueAt: event.until };
    case 'task.delayed':
      return event.until === null ? null : { kind: 'task.due', dueAt: event.until };
    case 'deadline.set':
      return { kind: 'task.deadline', dueAt: event.until };
    case 'item.closed':
      return event.about !== undefined && event.by === 'ceo' ? now('arbitration.ruled') : null;
    case 'goal.check-ordered':
      return now('goal.check');
    case 'hunk.reject-ordered':
      return now('hunk.reject');
    case 'accept.ordered':
      return now('goal.accept');
    default:
      return null;
  }
}
