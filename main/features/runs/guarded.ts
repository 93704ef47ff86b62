import type { GuardedRun } from '#main/features/guards/index.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { LiveRun } from './live.ts';

/** A live run as its guards know it. What is pushed after its driver has said how it ended would not be heard. */
export function guardedRun(entry: LiveRun, { resolved }: Assignment): GuardedRun {
  return {
    goal: entry.goal,
    attempt: entry.attempt,
    run: entry.run,
    agent: entry.agent,
    replayed: resolved.flatMap((each) => (each.decision === 'allow' ? [each.toolUseId] : [])),
    notify(id, text) {
      if (!entry.over) entry.host.send({ type: 'notify', id, text });
    },
  };
}
