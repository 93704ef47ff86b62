import type { Goal } from '#protocol/model/goal/state.ts';

/** Names of the signals that gates of a goal wait for now. */
export function awaitedSignals(goal: Goal): string[] {
  const names = Object.values(goal.tasks).flatMap(({ status, spec }) =>
    status === 'active' && spec?.gate?.kind === 'event' ? [spec.gate.name] : [],
  );
  return [...new Set(names)];
}
