import { killMarked } from '#main/platform/process-tree.ts';
import type { Operations } from '#main/server/operations.ts';

const WITHIN_MS = 5_000;

/** Ends every process of the run in which an agent of this role works at a task, as a machine out of memory would. */
export async function killWorker({ feed }: Operations, role: string): Promise<void> {
  const snapshot = await feed.snapshot(undefined as never, undefined);
  if (!snapshot.ok) return;
  for (const { runs, agents, attempts, tasks } of snapshot.value.goals) {
    const works = Object.values(runs).find(
      (run) =>
        run.status === 'running' &&
        agents[run.agent]?.role === role &&
        tasks[attempts[run.attempt]?.task ?? '']?.kind === 'work',
    );
    if (works) await killMarked('AIOS_RUN', [works.id], WITHIN_MS);
  }
}
