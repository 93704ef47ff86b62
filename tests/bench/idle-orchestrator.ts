import { openStage } from '#main/cli/rehearse/stage.ts';

/** What the idle bench asks of the process of its orchestrator. */
export type IdleQuestion = 'look' | 'stop';

/** What that process has used since it started. */
export interface IdleLook {
  /** Seconds of processor time, all threads. */
  readonly cpuSeconds: number;
  readonly residentMiB: number;
  /** Model calls the scripted upstream answered. */
  readonly calls: number;
}

/** What it says first. */
export interface IdleReady {
  readonly home: string;
  readonly goal: string;
}

const [home = '', resources = ''] = process.argv.slice(2);
const stage = await openStage(
  { home, upstreams: [], executable: null, agentCap: null, resources },
  { script: 'solo', seed: '7', latency: { min: 0, max: 0 } },
);
if (!stage.ok) throw new Error(stage.error.what);
const { orchestrator, model } = stage.value;
const served = await orchestrator.serve({ port: 0, renderer: null });
if (!served.ok) throw new Error(served.error.what);

function look(): IdleLook {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    calls: model.log.length,
  };
}

process.on('message', (question: IdleQuestion) => {
  if (question === 'look') process.send?.(look());
  else void stage.value.close().then(() => process.disconnect());
});
process.send?.({ home: stage.value.home, goal: stage.value.goal } satisfies IdleReady);
