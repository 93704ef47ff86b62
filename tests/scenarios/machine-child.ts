import { createOrchestrator } from '#main/compose/index.ts';
import type { OrchestratorConfig } from '#main/index.ts';
import { newGoal } from '#protocol/contract/goals.ts';
import { value } from './kit.ts';

/** An orchestrator alone in its process, so that its loop and its memory are measured without the test's own. */
interface Order {
  readonly config: OrchestratorConfig;
  readonly repo: string;
  readonly goals: number;
}

/** What the child reports when all goals are over. */
export interface MachineReport {
  readonly statuses: readonly string[];
  readonly mostRunning: number;
  readonly mostWaiting: number;
  readonly loopDelayP99Ms: number;
  readonly peakResidentMiB: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const orchestrator = await createOrchestrator(order.config);
value(await orchestrator.start());
const { operations } = orchestrator;
value(
  await operations.projects.setCommands(
    { path: order.repo, setup: null, verify: 'test -f README.md', acceptance: null },
    undefined,
  ),
);
const found = value(await operations.projects.inspect({ path: order.repo }, undefined));
value(await operations.projects.trust({ path: order.repo, digest: found.trust.digest }, undefined));
let [mostRunning, mostWaiting, peak] = [0, 0, 0];
const sample = async () => {
  const { agents } = value(await operations.system.info(undefined as never, undefined));
  mostRunning = Math.max(mostRunning, agents.running);
  mostWaiting = Math.max(mostWaiting, agents.waiting);
  peak = Math.max(peak, process.memoryUsage.rss());
};
const sampling = setInterval(() => void sample(), 100);
for (let index = 0; index < order.goals; index += 1) {
  value(
    await operations.goals.state(
      newGoal.parse({ path: order.repo, text: `Goal ${index}`, mode: 'go', agent: 'backend' }),
      undefined,
    ),
  );
}
const watched = value(await operations.feed.watch({ after: 0 }, undefined)) as AsyncIterable<unknown>;
const over = (status: string | null) => ['ready', 'stuck', 'stopped'].includes(status ?? '');
for await (const _ of watched) {
  if (value(await operations.goals.list(undefined as never, undefined)).every((goal) => over(goal.status))) break;
}
clearInterval(sampling);
const info = value(await operations.system.info(undefined as never, undefined));
const report: MachineReport = {
  statuses: value(await operations.goals.list(undefined as never, undefined)).map((goal) => goal.status ?? ''),
  mostRunning,
  mostWaiting,
  loopDelayP99Ms: info.loopDelayP99Ms,
  peakResidentMiB: Math.round(peak / 1024 / 1024),
};
await orchestrator.stop();
process.stdout.write(`${JSON.stringify(report)}\n`);
