import type { DemoCrew, DemoModel } from '#main/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Parts } from './parts.ts';

const PREFIX = 'demo-';

/** Id of the endpoint that plays a script. */
export const demoId = (script: string): string => `${PREFIX}${script}`;

/** Makes a script's words an endpoint of the gateway, labelled so that nothing of it counts as real. */
export async function openDemo(parts: Parts, demo: DemoCrew, script: string): Promise<Result<DemoModel, Fault>> {
  const opened = await demo.open(script);
  if (!opened.ok) return opened;
  parts.upstreams.put({ id: demoId(script), baseUrl: opened.value.baseUrl, key: 'demo', scripted: true });
  parts.gateway.setUpstreams(parts.upstreams.forGateway());
  return ok(opened.value);
}

/** After a restart: the endpoints of demo goals that are not over are there again. */
export async function resumeDemos(parts: Parts): Promise<void> {
  if (!parts.demo) return;
  const open = parts.goals
    .ids()
    .flatMap((id) => parts.goals.state(id) ?? [])
    .filter((goal) => goal.status !== 'accepted' && goal.upstream.startsWith(PREFIX));
  for (const script of new Set(open.map((goal) => goal.upstream.slice(PREFIX.length)))) {
    const opened = await openDemo(parts, parts.demo, script);
    if (!opened.ok) parts.problems.report(`the demo crew "${script}" cannot go on: ${opened.error.why}`);
  }
}
