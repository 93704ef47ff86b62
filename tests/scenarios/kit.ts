import { mkdtempSync, realpathSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOrchestrator } from '#main/compose/index.ts';
import { gitText } from '#main/features/workspaces/index.ts';
import type { Orchestrator, OrchestratorConfig, OrchestratorOverrides } from '#main/index.ts';
import type { Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { FeedMessage, Snapshot } from '#protocol/contract/feed.ts';
import type { NewGoal } from '#protocol/contract/goals.ts';
import { newGoal } from '#protocol/contract/goals.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Goal, Item } from '#protocol/model/goal/state.ts';
import { type ModelReply, type ModelRequest, type ModelServer, startModelServer } from '../doubles/model-server.ts';

/** The repository's resources. */
export const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
/** A key no test may find anywhere but at the model server. */
export const OPERATOR_KEY = 'sk-operator-0123456789abcdef';

/** An orchestrator on a data folder of its own, before a model server that answers by a function. */
export interface World {
  readonly folder: string;
  readonly home: string;
  readonly repo: string;
  readonly model: ModelServer;
  /** The one that runs now; `restart` replaces it. */
  readonly orchestrator: Orchestrator;
  readonly operations: Operations;
  readonly config: OrchestratorConfig;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** What a world is made of; everything has a default. */
export interface WorldOptions {
  readonly model: (request: ModelRequest) => ModelReply | Promise<ModelReply>;
  readonly files?: Readonly<Record<string, string>>;
  readonly verify?: string | null;
  readonly overrides?: OrchestratorOverrides;
  readonly agentCap?: number;
}

/** An empty folder below the system's temporary folder, by its real path. */
export function temporary(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `aios-scenario-${name}-`)));
}

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** git in a repository, as its user. */
export async function git(repo: string, ...args: string[]): Promise<string> {
  const done = await gitText(args, {
    gitDir: join(repo, '.git'),
    workTree: repo,
    person: { name: 'You', email: 'you@localhost' },
  });
  return value(done).trim();
}

/** Makes a repository with one commit on `main`. */
export async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await writeFiles(folder, files);
  value(await gitText(['init', '--quiet', '--initial-branch=main', '--template=', '--', folder], { cwd: folder }));
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  return folder;
}

/** The value of a result that must be one. */
export function value<T>(result: Result<T, Fault>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.tag}: ${result.error.what} ${result.error.why}`);
}

/** The tag of a refusal that must be one; `ok` otherwise. */
export function tagOf(result: Result<unknown, Fault>): string {
  return result.ok ? 'ok' : result.error.tag;
}

/** A goal that must be there. */
export function present<T>(found: T | undefined | null, what = 'value'): T {
  if (found === undefined || found === null) throw new Error(`there is no ${what}`);
  return found;
}

/** Opens a world: repository, model server, orchestrator; the repository's commands set and trusted. */
export async function openWorld(name: string, options: WorldOptions): Promise<World> {
  const folder = temporary(name);
  const repo = await makeRepository(join(folder, 'repo'), options.files ?? { 'README.md': '# Sample\n' });
  const model = await startModelServer(options.model);
  const home = join(folder, 'data');
  const config: OrchestratorConfig = {
    home,
    executable: null,
    agentCap: options.agentCap ?? 4,
    resources: RESOURCES,
    upstreams: [{ id: 'default', baseUrl: model.url, key: OPERATOR_KEY, scripted: false }],
  };
  const begin = async () => {
    const made = await createOrchestrator(config, options.overrides ?? {});
    value(await made.start());
    return made;
  };
  let orchestrator = await begin();
  const world: World = {
    folder,
    home,
    repo,
    model,
    config,
    get orchestrator() {
      return orchestrator;
    },
    get operations() {
      return orchestrator.operations;
    },
    async restart() {
      await orchestrator.stop();
      orchestrator = await begin();
    },
    async close() {
      await orchestrator.stop();
      await model.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await trust(world, repo, options.verify === undefined ? 'test -f README.md' : options.verify);
  return world;
}

/** Sets a repository's verify command and trusts what it is now. */
export async function trust({ operations }: World, path: string, verify: string | null): Promise<void> {
  value(await operations.projects.setCommands({ path, setup: null, verify, acceptance: null }, undefined));
  const found = value(await operations.projects.inspect({ path }, undefined));
  value(await operations.projects.trust({ path, digest: found.trust.digest }, undefined));
}

/** States a goal on the world's repository. */
export async function state(world: World, goal: Partial<NewGoal> = {}): Promise<string> {
  const input = newGoal.parse({
    path: world.repo,
    text: 'Do what is to be done',
    mode: 'go',
    agent: 'backend',
    ...goal,
  });
  return value(await world.operations.goals.state(input, undefined)).goal;
}

/** Everything views see. */
export async function snapshotOf(operations: Operations): Promise<Snapshot> {
  return value(await operations.feed.snapshot(undefined as never, undefined));
}

/** One goal as it is now. */
export async function goalOf(operations: Operations, id: string): Promise<Goal> {
  const goals = value(await operations.goals.list(undefined as never, undefined));
  return present(
    goals.find((each) => each.id === id),
    `goal ${id}`,
  );
}

/** A goal in few words, for a test that waited in vain. */
export function sketch(goal: Goal): string {
  const attempts = Object.values(goal.attempts).map(
    (each) =>
      `${each.status}${each.wait ? ` (${each.wait.cause}, ${each.wait.owner})` : ''}${each.cause ? ` because ${each.cause}` : ''}`,
  );
  const runs = Object.values(goal.runs).map((run) => `${run.reason}:${run.outcome ?? run.status}`);
  const items = Object.values(goal.items)
    .filter((item) => !item.closed)
    .map((item) => item.kind);
  return `${goal.status}; attempts ${attempts.join(', ')}; runs ${runs.join(' ')}; inbox ${items.join(' ')}`;
}

/** Waits, event by event, until a question about the goal has an answer. Fails with a sketch of the goal. */
export async function waitFor<T>(
  operations: Operations,
  id: string,
  test: (goal: Goal) => T | undefined | null | false,
  ms = 60_000,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    for (;;) {
      const { sequence } = await snapshotOf(operations);
      const messages = value(
        await operations.feed.watch({ after: sequence }, stop.signal),
      ) as AsyncIterable<FeedMessage>;
      const now = test(await goalOf(operations, id));
      if (now) return now;
      for await (const message of messages) {
        if (message.kind === 'gap') break;
        if (message.kind !== 'events') continue;
        const found = test(await goalOf(operations, id));
        if (found) return found;
      }
      if (stop.signal.aborted) throw new Error(`in vain: ${sketch(await goalOf(operations, id))}`);
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Waits until the goal's whole work is merged and checked. Fails at once where it gets stuck. */
export async function ready(operations: Operations, id: string, ms = 90_000): Promise<Goal> {
  const ended = await waitFor(
    operations,
    id,
    (goal) => (['ready', 'stuck', 'stopped'].includes(goal.status ?? '') ? goal : null),
    ms,
  );
  if (ended.status !== 'ready') throw new Error(`not ready: ${sketch(ended)}`);
  return ended;
}

/** The first open inbox item of a kind. */
export function openItem(goal: Goal, kind: Item['kind']): Item | undefined {
  return Object.values(goal.items).find((item) => item.kind === kind && item.closed === null);
}

/** Texts of payloads, as views see them. */
export async function textsIn(operations: Operations): Promise<Readonly<Record<string, string>>> {
  return (await snapshotOf(operations)).texts;
}

/** The default crew with lines of its file changed, as a file of the world's. */
export async function crewFile({ folder }: World, changes: ReadonlyArray<readonly [RegExp, string]>): Promise<string> {
  const text = await readFile(join(RESOURCES, 'crews', 'default.yaml'), 'utf8');
  const path = join(folder, 'crew.yaml');
  await writeFile(
    path,
    changes.reduce((changed, [from, to]) => changed.replace(from, to), text),
  );
  return path;
}
