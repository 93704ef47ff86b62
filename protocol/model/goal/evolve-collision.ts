import type { Collision, CollisionEvent } from './collision.ts';
import type { Goal } from './state.ts';

function withCollision(goal: Goal, id: string, change: Partial<Collision>): Goal {
  const collision = goal.collisions[id];
  return collision ? { ...goal, collisions: { ...goal.collisions, [id]: { ...collision, ...change } } } : goal;
}

function seen(goal: Goal, event: Extract<CollisionEvent, { type: 'collision.seen' }>, at: number): Goal {
  const { type: _, collision: id, ...rest } = event;
  const known = goal.collisions[id];
  const since = known && known.clearedAt === null ? known.seenAt : at;
  const collision: Collision = { ...rest, id, seenAt: since, clearedAt: null, action: known?.action ?? null };
  return { ...goal, collisions: { ...goal.collisions, [id]: collision } };
}

function mergingTogether(goal: Goal, members: readonly string[], at: number): Goal {
  const attempts = { ...goal.attempts };
  for (const id of members) {
    const attempt = attempts[id];
    if (attempt) attempts[id] = { ...attempt, status: 'merging', changedAt: at };
  }
  return { ...goal, attempts, batch: members };
}

/** The part of `evolveGoal` about collisions, file leases and batches. Total over its events. */
export function evolveCollision(goal: Goal, event: CollisionEvent, at: number): Goal {
  switch (event.type) {
    case 'collision.seen':
      return seen(goal, event, at);
    case 'collision.cleared':
      return withCollision(goal, event.collision, { clearedAt: at });
    case 'collision.acted':
      return withCollision(goal, event.collision, { action: event.action });
    case 'lease.taken': {
      const { type: _, lease: id, ...rest } = event;
      return { ...goal, leases: { ...goal.leases, [id]: { ...rest, id } } };
    }
    case 'lease.renewed': {
      const lease = goal.leases[event.lease];
      return lease ? { ...goal, leases: { ...goal.leases, [lease.id]: { ...lease, until: event.until } } } : goal;
    }
    case 'lease.ended': {
      const { [event.lease]: _, ...leases } = goal.leases;
      return { ...goal, leases };
    }
    case 'batch.ordered':
      return mergingTogether(goal, event.members, at);
  }
}
