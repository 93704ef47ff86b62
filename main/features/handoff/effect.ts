import type { StreamHandle } from '#main/engine/engine.ts';
import type { Performer } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { KeyedMutex } from '#main/platform/keyed-mutex.ts';
import { pendingHandoff } from '#protocol/model/goal/evolve-handoff.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { type CollectParts, collectParts } from './collect.ts';
import { buildPacket } from './packet.ts';

/** What making a packet needs. */
export interface HandoffParts extends CollectParts {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly turns: KeyedMutex;
}

/**
 * Performs `attempt.hand-over`: makes the packet once the predecessor's process is gone, and reports it. Told again, it
 * makes the packet again and the report is taken once.
 */
export function handOver(parts: HandoffParts): Performer {
  return (performance) => {
    const { attempt: id } = performance.event.data as { attempt: string };
    // The predecessor's run holds this turn until its process has ended.
    return parts.turns.run(`attempt:${id}`, async () => {
      const goal = parts.goals.state(performance.subject);
      const attempt = goal?.attempts[id];
      const handoff = attempt ? pendingHandoff(attempt) : null;
      if (!goal || !attempt || !handoff || handoff.packet !== null) return null;
      failpoint('handover-begun');
      const packet = buildPacket(await collectParts(parts, goal, attempt, handoff));
      failpoint('handover-made');
      const command: GoalCommand = { type: 'hand-over', attempt: id, packet };
      return { stream: performance.stream, command };
    });
  };
}
