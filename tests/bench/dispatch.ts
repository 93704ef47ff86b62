import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSampleApp } from '#main/cli/rehearse/sample.ts';
import type { Operations } from '#main/server/operations.ts';
import type { FeedMessage } from '#protocol/contract/feed.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { type ModelServer, startModelServer } from '../doubles/model-server.ts';
import { value } from '../scenarios/kit.ts';
import { inTemporaryFolder } from './engine.ts';
import { buildServer, serveAios } from './served.ts';
import type { Table } from './table.ts';

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
const BY_HAND = fileURLToPath(new URL('./by-hand.ts', import.meta.url));
const AT_ONCE = 20;
const SINGLES = 11;
const BATCHES = 3;
/** Agents at once, for both: what a machine of two cores is given. */
const WIDTH = 4;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** Milliseconds from tasks that are ready to the last of their agents' first model calls. */
type Timed = (words: readonly string[]) => Promise<number>;

/** Resolves with the wall clock when the model is first asked by the agent that was told `word`. */
async function firstCall(model: ModelServer, word: string): Promise<number> {
  await model.seen((request) => JSON.stringify(request.messages).includes(word));
  return Date.now();
}

/** AIOS as it is used, in a process of its own, and a repository it trusts. */
async function openOurs(folder: string, model: ModelServer) {
  const app = join(folder, 'app');
  value(await createSampleApp(RESOURCES, app));
  await buildServer();
  const env = { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'none' };
  const { operations, stop } = await serveAios(join(folder, 'home'), env);
  value(await operations.settings.set({ key: 'machine.agents', project: null, value: WIDTH }, undefined));
  const found = value(await operations.projects.inspect({ path: app }, undefined));
  value(await operations.projects.trust({ path: app, digest: found.trust.digest }, undefined));
  return { operations, stop, app };
}

/** Wall-clock milliseconds at which each goal's first event of a type was stored, as events come in. */
interface Seen {
  at(goal: string, type: string): Promise<number>;
}

async function watchEvents(operations: Operations): Promise<Seen> {
  const snapshot = await operations.feed.snapshot(undefined as never, undefined);
  if (!snapshot.ok) throw new Error(snapshot.error.what);
  const watched = await operations.feed.watch({ after: snapshot.value.sequence }, undefined);
  if (!watched.ok) throw new Error(watched.error.what);
  const entries = new Map<string, PromiseWithResolvers<number>>();
  const entry = (goal: string, type: string) => {
    const key = `goal/${goal} ${type}`;
    const found = entries.get(key) ?? Promise.withResolvers<number>();
    entries.set(key, found);
    return found;
  };
  // Ends with the server.
  void (async () => {
    for await (const message of watched.value as AsyncIterable<FeedMessage>) {
      if (message.kind !== 'events') continue;
      for (const { stream, type, at } of message.events) entry(stream.replace('goal/', ''), type).resolve(at);
    }
  })().catch(() => undefined);
  return { at: (goal, type) => entry(goal, type).promise };
}

/** A task that waits in a backlog, and the agent it will be given to. */
interface Written {
  readonly word: string;
  readonly goal: string;
  readonly task: string;
  readonly agent: string;
}

/** What comes before a task is ready, and nobody does by hand: a board with one task in its backlog. */
async function writeTask(operations: Operations, app: string, word: string): Promise<Written> {
  const stated = await operations.goals.state({ path: app, text: word, board: true, mode: 'go' }, undefined);
  if (!stated.ok) throw new Error(stated.error.what);
  const { goal } = stated.value;
  const tasks = [{ key: 't', title: `${word} now`, assignee: { kind: 'nobody' as const } }];
  const added = await operations.plan.addTasks({ goal, tasks }, undefined);
  const listed = await operations.goals.list(undefined as never, undefined);
  if (!added.ok || !listed.ok) throw new Error('the task was not written');
  const found = (listed.value as Goal[]).find((each) => each.id === goal);
  const agent = Object.values(found?.agents ?? {}).find((each) => each.role === 'backend');
  if (!agent) throw new Error('the crew has no backend');
  return { word, goal, task: added.value.tasks[0] ?? '', agent: agent.id };
}

/** Our side: tasks are given to agents; counted from the first stored start of an attempt. */
function timeOurs(operations: Operations, app: string, model: ModelServer, seen: Seen): Timed {
  const { goals, plan } = operations;
  return async (words) => {
    const written: Written[] = [];
    for (const word of words) written.push(await writeTask(operations, app, word));
    const dispatch = async ({ word, goal, task, agent }: Written) => {
      const given = await plan.assign({ goal, task, assignee: { kind: 'agent', agent } }, undefined);
      if (!given.ok) throw new Error(given.error.what);
      const called = await firstCall(model, word);
      await goals.stop({ goal }, undefined);
      // The next measurement must not share the machine with this run.
      await seen.at(goal, 'run.ended');
      return { called, ready: await seen.at(goal, 'attempt.started') };
    };
    const all = await Promise.all(written.map(dispatch));
    return Math.max(...all.map((each) => each.called)) - Math.min(...all.map((each) => each.ready));
  };
}

/** The other side: a script a task, `WIDTH` of them at a time. */
function timeByHand(app: string, model: ModelServer): Timed {
  const node = ['--disable-warning=ExperimentalWarning', BY_HAND, app, model.url];
  return async (words) => {
    const start = Date.now();
    const left = [...words];
    let last = start;
    const lane = async () => {
      for (let word = left.shift(); word !== undefined; word = left.shift()) {
        const child = spawn(process.execPath, [...node, `${word} now`], { stdio: 'ignore' });
        const ended = new Promise((resolve) => child.on('exit', resolve));
        last = Math.max(last, await firstCall(model, word));
        await ended;
      }
    };
    await Promise.all(Array.from({ length: Math.min(WIDTH, words.length) }, lane));
    return last - start;
  };
}

/** Both sides in turn, so that what else the machine does falls on both: by hand, ours, by hand, ours … */
async function inTurn(rounds: number, size: number, sides: { readonly hand: Timed; readonly ours: Timed }) {
  const took = { hand: [] as number[], ours: [] as number[] };
  const words = (side: string, round: number) =>
    Array.from({ length: size }, (_, index) => `${side}${size}of${round}at${index}z`);
  for (let round = 0; round < rounds; round += 1) {
    took.hand.push(await sides.hand(words('hand', round)));
    took.ours.push(await sides.ours(words('ours', round)));
  }
  return took;
}

function row(measure: string, { hand, ours }: { readonly hand: number[]; readonly ours: number[] }) {
  return {
    measure,
    'ours ms': Math.round(median(ours)),
    'ours, range': `${Math.min(...ours)}-${Math.max(...ours)}`,
    'by hand ms': Math.round(median(hand)),
    'by hand, range': `${Math.min(...hand)}-${Math.max(...hand)}`,
    ratio: (median(ours) / median(hand)).toFixed(2),
  };
}

/** From a task that is ready to its agent's first model call, beside the same agent started by a ten-line script. */
export function benchDispatch(): Promise<Table> {
  return inTemporaryFolder(async (folder) => {
    const model = await startModelServer(() => ({ blocks: [{ type: 'text', text: 'Done.' }] }));
    const { operations, stop, app } = await openOurs(folder, model);
    const seen = await watchEvents(operations);
    const sides = { hand: timeByHand(app, model), ours: timeOurs(operations, app, model, seen) };
    await inTurn(1, 2, sides);
    const one = await inTurn(SINGLES, 1, sides);
    const many = await inTurn(BATCHES, AT_ONCE, sides);
    await stop();
    await model.close();
    return {
      name: 'dispatch',
      rows: [
        row(`1 task, median of ${SINGLES}`, one),
        row(`${AT_ONCE} tasks, ${WIDTH} at a time, until the last first call, median of ${BATCHES}`, many),
      ],
      notes: [
        'good: at most 1.2 x by hand',
        'ours is `aios serve` in a process of its own, built as from the second start of a version on',
        'in turn: by hand, ours, by hand, ours …; the tasks are written before the clock starts',
        'agents of both sides run at the same priority (nice 5)',
        'ours is from the first stored start of an attempt: workspace, host, sandbox, budget and gateway',
        'a place is free again when the run has ended, on both sides; ours is stopped at its first call',
      ],
    };
  });
}
