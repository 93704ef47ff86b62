import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOrchestrator } from '#main/compose/index.ts';
import type { Orchestrator, OrchestratorConfig, OrchestratorOverrides } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Rehearsal, readScript, type Script, startRehearsal } from '#main/rehearsal/index.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { killWorker } from './kill.ts';
import { createSampleApp } from './sample.ts';

/** What a rehearsal is asked for. */
export interface StageOptions {
  /** A shipped script's name. */
  readonly script: string;
  readonly seed: string;
  /** Milliseconds before each answer of the model, drawn evenly. */
  readonly latency: { readonly min: number; readonly max: number };
  /** Changes the script before it is played; tests make it lie with this. */
  readonly alter?: (script: Script) => Script;
  /** `ask`: the CEO approves the plan. Default: `go`. */
  readonly mode?: 'ask' | 'go';
  /** Path of a crew file; default: the crew that works when no other is named. */
  readonly crew?: string;
  readonly capUsd?: number;
  readonly minutes?: number;
  readonly turns?: number;
  readonly runCapUsd?: number;
  readonly overrides?: OrchestratorOverrides;
}

/** A rehearsal that is set up and running; only the model's words are scripted. */
export interface Stage {
  readonly orchestrator: Orchestrator;
  readonly model: Rehearsal;
  readonly app: string;
  readonly home: string;
  readonly goal: string;
  readonly script: Script;
  /** Ends everything. The folder stays. */
  close(): Promise<void>;
}

const NAMES = /^[a-z][a-z0-9-]{0,40}$/;

/** Reads a shipped script. */
export async function loadScript(resources: string, name: string): Promise<Result<Script, Fault>> {
  const unknown = faultOf(
    'no-such-rehearsal',
    `There is no rehearsal "${name.slice(0, 60)}".`,
    'It is not among the shipped scripts.',
    'Use crew, service, solo or misbehaving.',
  );
  if (!NAMES.test(name)) return err(unknown);
  const text = await readFile(join(resources, 'rehearsals', `${name}.yaml`), 'utf8').catch(() => undefined);
  return text === undefined ? err(unknown) : readScript(text);
}

const quote = (text: string) => (process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`);

/** The check of the whole: a program outside the app, which no agent can change. `node` is the Node that runs it. */
export async function acceptanceFor(
  resources: string,
  script: string,
  node: string = process.execPath,
): Promise<string | null> {
  const program = join(resources, 'rehearsals', `${script}.acceptance.mjs`);
  const there = await readFile(program).then(
    () => true,
    () => false,
  );
  return there ? `${quote(node)} ${quote(program)}` : null;
}

/**
 * Sets a rehearsal up in a folder of its own below the data folder (sample app, journal, spend: nothing of it is counted
 * as real) and states its goal.
 */
export async function openStage(base: OrchestratorConfig, options: StageOptions): Promise<Result<Stage, Fault>> {
  const loaded = await loadScript(base.resources, options.script);
  if (!loaded.ok) return loaded;
  const script = options.alter ? options.alter(loaded.value) : loaded.value;
  const folder = join(base.home, 'rehearsals', `${options.script}-${randomBytes(4).toString('hex')}`);
  const app = join(folder, script.app);
  const created = await createSampleApp(base.resources, app, script.app);
  if (!created.ok) return created;
  const model = await startRehearsal({
    script,
    seed: options.seed,
    latency: options.latency,
    onKill: (role) => killWorker(orchestrator.operations, role),
  });
  const home = join(folder, 'data');
  const orchestrator = await createOrchestrator(
    {
      ...base,
      home,
      upstreams: [{ id: 'default', baseUrl: model.origin, key: 'rehearsal', scripted: true }],
    },
    options.overrides ?? {},
  );
  const close = async () => {
    await orchestrator.stop();
    await model.stop();
  };
  const stated = await stateOn(orchestrator, app, script, options, await acceptanceFor(base.resources, options.script));
  if (!stated.ok) {
    await close();
    return stated;
  }
  return ok({ orchestrator, model, app, home, goal: stated.value, script, close });
}

async function stateOn(
  orchestrator: Orchestrator,
  app: string,
  script: Script,
  options: StageOptions,
  acceptance: string | null,
): Promise<Result<string, Fault>> {
  const { operations } = orchestrator;
  const started = await orchestrator.start();
  if (!started.ok) return started;
  const set = await operations.projects.setCommands(
    { path: app, setup: null, verify: 'npm test', acceptance },
    undefined,
  );
  if (!set.ok) return set;
  const found = await operations.projects.inspect({ path: app }, undefined);
  if (!found.ok) return found;
  const trusted = await operations.projects.trust({ path: app, digest: found.value.trust.digest }, undefined);
  if (!trusted.ok) return trusted;
  const stated = await operations.goals.state(
    {
      path: app,
      text: script.goal,
      mode: options.mode ?? 'go',
      ...(options.crew === undefined ? {} : { crew: options.crew }),
      ...(script.agent === undefined ? {} : { agent: script.agent }),
      ...(options.capUsd === undefined ? {} : { capUsd: options.capUsd }),
      ...(options.minutes === undefined ? {} : { minutes: options.minutes }),
      ...(options.turns === undefined ? {} : { turns: options.turns }),
      ...(options.runCapUsd === undefined ? {} : { runCapUsd: options.runCapUsd }),
    },
    undefined,
  );
  return stated.ok ? ok(stated.value.goal) : stated;
}
