import { monitorEventLoopDelay } from 'node:perf_hooks';
import { runDoctor } from '#main/features/doctor/index.ts';
import { machineCap } from '#main/features/runs/index.ts';
import { ok } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Parts } from '../parts.ts';

/** How often the event loop is looked at. */
const LOOK_MS = 10;

/** What Node measures is the time from look to look; the delay is what that was too long, here in milliseconds. */
const delayOf = (nanos: number) => Math.max(0, Math.round(nanos / 1e4 - LOOK_MS * 100) / 100);

/** The operations on the orchestrator itself. */
export function systemOperations(parts: Parts, version: string, shutdown: () => void): Operations['system'] {
  const delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  delay.enable();
  parts.scope.defer(() => void delay.disable());
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
        loopDelayP99Ms: delayOf(delay.percentile(99)),
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
