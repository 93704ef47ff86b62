import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSampleApp } from '#main/cli/rehearse/sample.ts';
import { createOrchestrator } from '#main/compose/index.ts';
import type { Orchestrator } from '#main/index.ts';
import type { FeedMessage } from '#protocol/contract/feed.ts';
import { type ModelServer, startModelServer } from '../doubles/model-server.ts';
import { inTemporaryFolder } from './engine.ts';
import type { Table } from './table.ts';

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
const BY_HAND = fileURLToPath(new URL('./by-hand.ts', import.meta.url));
const AT_ONCE = 20;
const ROUNDS = 5;
/** Agents at once, for both: what a machine of two cores is given. */
const WIDTH = 4;

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Resolves when the model is first asked by the agent that was told `word`. */
function firstCall(model: ModelServer, word: string): Promise<unknown> {
  return model.seen((request) => JSON.stringify(request.messages).includes(word));
}

async function openOurs(folder: string, model: ModelServer): Promise<{ orchestrator: Orchestrator; app: string }> {
  const app = join(folder, 'app');
  const created = await createSampleApp(RESOURCES, app);
  if (!created.ok) throw new Error(created.error.what);
  const orchestrator = await createOrchestrator({
    home: join(folder, 'home'),
    upstreams: [{ id: 'default', baseUrl: model.url, key: 'none', scripted: true }],
    executable: null,
    agentCap: WIDTH,
    resources: RESOURCES,
  });
  const started = await orchestrator.start();
  if (!started.ok) throw new Error(started.error.what);
  const found = await orchestrator.operations.projects.inspect({ path: app }, undefined);
  if (!found.ok) throw new Error(found.error.what);
  await orchestrator.operations.projects.trust({ path: app, digest: found.value.trust.digest }, undefined);
  return { orchestrator, app };
}

/** What the orchestrator does from now on. */
async function watchFrom(orchestrator: Orchestrator): Promise<AsyncIterable<FeedMessage>> {
  const snapshot = await orchestrator.operations.feed.snapshot(undefined as never, undefined);
  if (!snapshot.ok) throw new Error(snapshot.error.what);
  const watched = await orchestrator.operations.feed.watch({ after: snapshot.value.sequence }, undefined);
  if (!watched.ok) throw new Error(watched.error.what);
  return watched.value as AsyncIterable<FeedMessage>;
}

/** Wall-clock milliseconds at which the goal's first event of a type was stored. */
async function atOf(watched: AsyncIterable<FeedMessage>, goal: string, type: string): Promise<number> {
  for await (const message of watched) {
    if (message.kind !== 'events') continue;
    const found = message.events.find((event) => event.stream === `goal/${goal}` && event.type === type);
    if (found) return found.at;
  }
  throw new Error(`the feed ended before ${type}`);
}

/** One measurement: until the first call, and what came before the task was ready, which nobody does by hand. */
interface Timed {
  readonly elapsed: number;
  readonly before: number;
}

async function oursOnce(orchestrator: Orchestrator, app: string, model: ModelServer, word: string): Promise<Timed> {
  const watched = await watchFrom(orchestrator);
  const start = Date.now();
  const stated = await orchestrator.operations.goals.state(
    { path: app, text: `${word} now`, agent: 'backend', mode: 'go' },
    undefined,
  );
  if (!stated.ok) throw new Error(stated.error.what);
  const { goal } = stated.value;
  await firstCall(model, word);
  const called = Date.now();
  // The attempt starts with the order to make its workspace.
  const ready = await atOf(watched, goal, 'attempt.started');
  // The next measurement must not share the machine with this run.
  const stopped = atOf(await watchFrom(orchestrator), goal, 'run.ended');
  await orchestrator.operations.goals.stop({ goal }, undefined);
  await stopped;
  return { elapsed: called - ready, before: ready - start };
}

async function byHandOnce(app: string, model: ModelServer, word: string): Promise<Timed> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', BY_HAND, app, model.url, `${word} now`],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await firstCall(model, word);
  const elapsed = performance.now() - start;
  await ended;
  return { elapsed, before: 0 };
}

/** Milliseconds the longest of `WIDTH` lanes took for its share of many, without what came before tasks were ready. */
async function allAtOnce(once: (word: string) => Promise<Timed>, name: string): Promise<number> {
  const words = Array.from({ length: AT_ONCE }, (_, index) => `${name}${index}z`);
  const lane = async () => {
    const start = performance.now();
    let before = 0;
    for (let word = words.shift(); word !== undefined; word = words.shift()) before += (await once(word)).before;
    return performance.now() - start - before;
  };
  return Math.max(...(await Promise.all(Array.from({ length: WIDTH }, lane))));
}

/** From a task that is ready to its agent's first model call, beside the same agent started by a ten-line script. */
export function benchDispatch(): Promise<Table> {
  return inTemporaryFolder(async (folder) => {
    const model = await startModelServer(() => ({ blocks: [{ type: 'text', text: 'Done.' }] }));
    const { orchestrator, app } = await openOurs(folder, model);
    const ours = (word: string) => oursOnce(orchestrator, app, model, word);
    const byHand = (word: string) => byHandOnce(app, model, word);
    await ours('warmup');
    await byHand('warmuptoo');
    const singles: { ours: number[]; hand: number[] } = { ours: [], hand: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      singles.ours.push((await ours(`single${round}z`)).elapsed);
      singles.hand.push((await byHand(`hand${round}z`)).elapsed);
    }
    const [manyHand, manyOurs] = [await allAtOnce(byHand, 'manyhand'), await allAtOnce(ours, 'manyours')];
    await orchestrator.stop();
    await model.close();
    const row = (measure: string, mine: number, baseline: number) => ({
      measure,
      'ours ms': Math.round(mine),
      'by hand ms': Math.round(baseline),
      ratio: (mine / baseline).toFixed(2),
    });
    return {
      name: 'dispatch',
      rows: [
        row('1 task, median', median(singles.ours), median(singles.hand)),
        row(`${AT_ONCE} tasks, ${WIDTH} at a time, longest lane`, manyOurs, manyHand),
      ],
      notes: [
        'good: at most 1.2 x by hand',
        'ours is from the stored start of the attempt: workspace, host, sandbox, budget and gateway; not stating the goal',
        'a lane includes the end of each run, for both',
      ],
    };
  });
}
