import { runDoctor } from '#main/features/doctor/index.ts';
import { machineCap } from '#main/features/runs/index.ts';
import { ok } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Parts } from '../parts.ts';

/** The operations on the orchestrator itself. */
export function systemOperations(parts: Parts, version: string, shutdown: () => void): Operations['system'] {
  parts.scope.defer(() => parts.loopDelay.watch(false));
  return {
    info: async () =>
      ok({
        version,
        epoch: parts.engine.epoch(),
        pid: process.pid,
        home: parts.config.home,
        startedAt: parts.startedAt,
        profile: 'embedded',
        agents: {
          running: parts.slots.taken(),
          waiting: parts.slots.waiting(),
          cap: parts.config.agentCap ?? machineCap(),
        },
        upstreams: parts.upstreams.views(),
        loopDelayP99Ms: parts.loopDelay.p99Ms(),
        residentBytes: process.memoryUsage.rss(),
        problems: [...parts.problems.list()],
      }),
    doctor: async () => ok(await runDoctor({ home: parts.config.home })),
    async shutdown() {
      setImmediate(shutdown);
      return ok({ stopping: true });
    },
  };
}
