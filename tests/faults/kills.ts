import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { FAILPOINTS } from '#main/platform/failpoint.ts';
import { startModelServer } from '../doubles/model-server.ts';
import { type Child, startChild } from './child.ts';
import { coordinationPlan, judgeCoordination, type Kept } from './coordination.ts';
import { goalOf, judge, readJournal, type Verdict } from './judge.ts';
import type { OrchestratorSetup } from './orchestrator.ts';
import { goalText, makeWorld, type PlannedTask, type World, workPlan } from './world.ts';

/** One life: what ends it. A time after its process began or after it was up, a failpoint, or nothing: it may finish. */
export type Ending =
  | { readonly kind: 'after'; readonly from: 'spawn' | 'up'; readonly ms: number }
  | { readonly kind: 'failpoint'; readonly name: string }
  | { readonly kind: 'none' };

/** What a goal came to under faults. */
export interface Survived {
  readonly kills: number;
  /** Starts that came so far as to open the journal. */
  readonly epochs: number;
  readonly hit: readonly string[];
  readonly finished: boolean;
  readonly verdict: Verdict;
  /** Promises about messages, gates, reviews and handoffs; empty where the plan has none. */
  readonly kept: readonly Kept[];
  readonly seconds: number;
  readonly problems: readonly string[];
}

/** Longest a life may say nothing before the goal counts as stuck; machines are slow, so progress resets it. */
const PATIENCE_MS = 60_000;

/** Ends a life as told. Resolves with whether the fault came before the goal was over. */
async function endLife(child: Child, ending: Ending): Promise<'killed' | 'finished' | 'stuck'> {
  const over = child.exited.then((end) => (end.signal === 'SIGKILL' ? ('killed' as const) : ('finished' as const)));
  const within = async (ms: number) => {
    const cancel = new AbortController();
    const first = await Promise.race([
      over,
      elapsed(ms, 'later' as const, { signal: cancel.signal }).catch(() => 'later' as const),
    ]);
    cancel.abort();
    return first;
  };
  if (ending.kind === 'after' && ending.from === 'up') await child.heard((said) => said.at === 'started');
  let first = await within(ending.kind === 'after' ? ending.ms : PATIENCE_MS);
  for (let heard = 0; first === 'later' && ending.kind !== 'after' && child.said.length > heard; ) {
    heard = child.said.length;
    first = await within(PATIENCE_MS);
  }
  if (first !== 'later') return first;
  child.kill();
  await child.exited;
  return ending.kind === 'after' ? 'killed' : 'stuck';
}

/** What is run: so many tasks that only work, or so many groups of nodes that need each other. */
export interface Work {
  readonly kind: 'work' | 'coordination';
  readonly count: number;
  readonly agents: number;
}

/** Runs a plan to its end through life after life. `next` says how each ends; `none` lets it finish. */
export async function survive(
  { kind, count, agents }: Work,
  next: (life: number) => Ending,
  resources: string,
): Promise<Survived> {
  const started = performance.now();
  const world: World = makeWorld(agents);
  const coordinates = kind === 'coordination';
  const plan: PlannedTask[] = coordinates ? coordinationPlan(world, count) : workPlan(world, count);
  const model = await startModelServer(() => ({ blocks: [{ type: 'text', text: 'Indeed.' }] }));
  const setupFile = join(world.folder, 'setup.json');
  const setup: OrchestratorSetup = {
    home: world.home,
    app: world.app,
    crew: world.crew,
    goal: goalText(plan),
    upstream: model.url,
    resources,
    agents,
    gates: coordinates,
  };
  writeFileSync(setupFile, JSON.stringify(setup));
  let kills = 0;
  let epochs = 0;
  const hit: string[] = [];
  const problems: string[] = [];
  let finished = false;
  for (let life = 0; !finished; life += 1) {
    const ending = next(life);
    const child = startChild(setupFile, ending.kind === 'failpoint' ? ending.name : undefined);
    const how = await endLife(child, ending);
    for (const said of child.said) {
      if (said.at === 'started') epochs = said.epoch;
      if (said.at === 'item') problems.push(`item: ${said.title.slice(0, 300)}`);
      if (said.at === 'problem') problems.push(said.text.slice(0, 600));
      if (said.at === 'accepted' && said.result !== 'accepted') problems.push(said.detail);
    }
    if (how === 'killed') kills += 1;
    if (how === 'killed' && ending.kind === 'failpoint') hit.push(ending.name.split(':')[0] ?? '');
    const { code, stderr } = await child.exited;
    if (how === 'finished' && code !== 0) problems.push(`exit ${code}: ${stderr.slice(-1500)}`);
    if (how === 'stuck') problems.push(`stuck: ${JSON.stringify(child.said.slice(-2))} ${stderr.slice(-1500)}`);
    finished = how !== 'killed';
    if (how !== 'killed') {
      const keys = plan.filter((task) => task.steps.length > 0).map((task) => task.key);
      const verdict = await judge(world, keys, model.requests.length, coordinates ? null : 1);
      const { events } = await readJournal(world);
      const kept = coordinates ? judgeCoordination(events, goalOf(events), count) : [];
      await model.close();
      const good = how === 'finished' && code === 0;
      if (good && verdict.why.length === 0 && kept.every((each) => each.broken.length === 0))
        rmSync(world.folder, { recursive: true, force: true });
      else problems.push(`kept: ${world.folder}`);
      return {
        kills,
        epochs,
        hit,
        finished: good,
        verdict,
        kept,
        seconds: (performance.now() - started) / 1000,
        problems,
      };
    }
  }
  throw new Error('unreachable');
}

/** Names of all failpoints, in the order a flow reaches them last. */
export function failpointsInOrder(): string[] {
  const last = ['accept-written'];
  return [...FAILPOINTS.filter((name) => !last.includes(name)), ...last];
}
