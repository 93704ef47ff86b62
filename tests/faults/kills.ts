import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { FAILPOINTS } from '#main/platform/failpoint.ts';
import { FILLS } from '../../agent-host/drivers/scripted/perform.ts';
import { type ModelReply, type ModelRequest, startModelServer } from '../doubles/model-server.ts';
import { type Child, startChild } from './child.ts';
import { goalOf, judge, readJournal, type Verdict } from './judge.ts';
import type { OrchestratorSetup } from './orchestrator.ts';
import type { Kept, Scenario } from './scenario.ts';
import { FULL, goalText, makeWorld, type World, workPlan } from './world.ts';

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
  /** What the scenario promises besides. */
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

/** Tasks that only work, some after others. */
export const WORK: Scenario = {
  title: 'agents work',
  world: { workers: 4 },
  plan: workPlan,
  messages: (count) => count,
  judge: () => [],
};

/** How far the user's checkout is from where it was; what is not accepted yet changes nothing of it. */
function disturbed({ app }: World, head: string): string[] {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: app, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain');
  return [
    ...(git('rev-parse', 'HEAD') === head ? [] : ["the user's branch moved"]),
    ...(changed === '' ? [] : [`the user's files changed: ${changed}`]),
  ];
}

/** Fills the session of whoever says so. */
function reply({ messages }: ModelRequest): ModelReply {
  const fills = JSON.stringify(messages).includes(FILLS);
  return { blocks: [{ type: 'text', text: 'Indeed.' }], usage: { input: fills ? FULL : 100, output: 20 } };
}

/** Runs a plan of so many tasks or groups to its end through life after life. `next` says how each ends; `none` lets it finish. */
export async function survive(
  scenario: Scenario,
  count: number,
  next: (life: number) => Ending,
  resources: string,
): Promise<Survived> {
  const started = performance.now();
  const world = makeWorld(scenario.world);
  const plan = scenario.plan(world, count);
  const model = await startModelServer(reply);
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: world.app, encoding: 'utf8' }).trim();
  const setupFile = join(world.folder, 'setup.json');
  const setup: OrchestratorSetup = {
    home: world.home,
    app: world.app,
    crew: world.crew,
    goal: goalText(plan),
    upstream: model.url,
    resources,
    agents: scenario.world.workers,
    answers: scenario.answers ?? false,
    verify: scenario.verify ?? 'test -f README.md',
    since: Date.now(),
    hurry: scenario.hurry ?? 1,
  };
  writeFileSync(setupFile, JSON.stringify(setup));
  let kills = 0;
  let epochs = 0;
  const hit: string[] = [];
  const problems: string[] = [];
  const touched: string[] = [];
  let ready = false;
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
    ready ||= child.said.some((said) => said.at === 'goal' && said.status !== 'working' && said.status !== 'planning');
    if (!ready) touched.push(...disturbed(world, head));
    if (how === 'killed' && ending.kind === 'failpoint') hit.push(ending.name.split(':')[0] ?? '');
    const { code, stderr } = await child.exited;
    if (how === 'finished' && code !== 0) problems.push(`exit ${code}: ${stderr.slice(-1500)}`);
    if (how === 'stuck') problems.push(`stuck: ${JSON.stringify(child.said.slice(-2))} ${stderr.slice(-1500)}`);
    finished = how !== 'killed';
    if (how !== 'killed') {
      const keys = plan.filter((task) => task.steps.length > 0).map((task) => task.key);
      const stored = await readJournal(world);
      const served = model.requests.length;
      const work = keys.length + (scenario.added?.(count) ?? 0);
      const verdict = await judge(world, stored, { keys, work, messages: scenario.messages(count), served });
      const calls = model.requests.map(({ messages }) => JSON.stringify(messages));
      const evidence = { world, stored, goal: goalOf(stored.events), count, kills, calls };
      const checkout: Kept = { name: "kills that left the user's checkout alone", tried: kills, broken: touched };
      const kept = [...scenario.judge(evidence), checkout];
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
