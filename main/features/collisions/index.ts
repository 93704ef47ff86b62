import type { Engine } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { createTeller, type TellWorld } from './tell.ts';

export { createRadar, type Radar, type RadarParts } from './radar.ts';

/** Binds what collisions and file leases order: telling agents, and the end of a lease's time. */
export function performCollisions(engine: Engine, world: TellWorld): void {
  engine.perform('collision.tell', createTeller(world));
  engine.perform('lease.expire', async ({ stream, event }) => {
    const { lease } = event.data as { lease: string };
    return { stream, command: { type: 'lease-due', lease } satisfies GoalCommand };
  });
}
