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

/** Resolves when the goal's run has ended: the next measurement must not share the machine with it. */
async function runOver(orchestrator: Orchestrator, goal: string): Promise<void> {
  const snapshot = await orchestrator.operations.feed.snapshot(undefined as never, undefined);
  if (!snapshot.ok) throw new Error(snapshot.error.what);
  const watched = await orchestrator.operations.feed.watch({ after: snapshot.value.sequence }, undefined);
  if (!watched.ok) throw new Error(watched.error.what);
  for await (const message of watched.value as AsyncIterable<FeedMessage>) {
    if (message.kind !== 'events') continue;
    if (message.events.some((event) => event.stream === `goal/${goal}` && event.type === 'run.ended')) return;
  }
}

async function oursOnce(orchestrator: Orchestrator, app: string, model: ModelServer, word: string): Promise<number> {
  const start = performance.now();
  const stated = await orchestrator.operations.goals.state(
    { path: app, text: `${word} now`, agent: 'backend', mode: 'go' },
    undefined,
  );
  if (!stated.ok) throw new Error(stated.error.what);
  await firstCall(model, word);
  const elapsed = performance.now() - start;
  const stopped = runOver(orchestrator, stated.value.goal);
  await orchestrator.operations.goals.stop({ goal: stated.value.goal }, undefined);
  await stopped;
  return elapsed;
}

async function byHandOnce(app: string, model: ModelServer, word: string): Promise<number> {
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
  return elapsed;
}

/** Milliseconds until the last of many has made its first call, at most `WIDTH` at a time. */
async function allAtOnce(once: (word: string) => Promise<number>, name: string): Promise<number> {
  const start = performance.now();
  const words = Array.from({ length: AT_ONCE }, (_, index) => `${name}${index}z`);
  const lane = async () => {
    for (let word = words.shift(); word !== undefined; word = words.shift()) await once(word);
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
  return performance.now() - start;
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
      singles.ours.push(await ours(`single${round}z`));
      singles.hand.push(await byHand(`hand${round}z`));
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
        row(`${AT_ONCE} tasks, ${WIDTH} at a time, until the last first call`, manyOurs, manyHand),
      ],
      notes: [
        'good: at most 1.2 x by hand',
        'ours includes stating the goal, trust, workspace, sandbox, budget and gateway',
      ],
    };
  });
}
