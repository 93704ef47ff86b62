import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkLauncher } from '#main/adapters/embedded/agent-launcher/index.ts';
import type { HostExit, LaunchedHost } from '#main/ports/agent-launcher/port.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { type AiosToolsServer, startAiosTools } from '../doubles/aios-tools-server.ts';
import { type ModelReply, type ModelRequest, type ModelServer, startModelServer } from '../doubles/model-server.ts';

const HOST_ENTRY = new URL('../../agent-host/index.ts', import.meta.url).pathname;
const ANSWER = 'ANSWER: blue';

/** One thing the scripted model lets the agent do; each driver's bench says it in its own way. */
export type Act =
  | { readonly edit: { readonly path: string; readonly content: string } }
  | { readonly shell: readonly string[] }
  | { readonly mcp: { readonly tool: string; readonly input: Record<string, unknown> } }
  /** A model call that only speaks. */
  | { readonly model: string }
  /** A model call that never comes back. */
  | { readonly hang: true };

/** How a driver is told to perform acts: what the prompt is, and what the model answers to each of its requests. */
export interface Script {
  readonly prompt: string;
  readonly model: (request: ModelRequest) => ModelReply;
}

/** See {@link Script}. */
export type ToScript = (acts: readonly Act[], workspace: string) => Script;

/** A run under test. */
export interface TestRun {
  readonly run: string;
  readonly host: LaunchedHost;
  readonly events: readonly AgentEvent[];
  /** Resolves at the first event that satisfies the predicate; rejects when the host ends without one. */
  until(predicate: (event: AgentEvent) => boolean): Promise<AgentEvent>;
  readonly exited: Promise<HostExit>;
}

/** A workspace, a home, a model, AIOS's tools and a launcher for one test. */
export interface Bench {
  readonly root: string;
  readonly workspace: string;
  readonly model: ModelServer;
  readonly tools: AiosToolsServer;
  /** Replaces what the agent will do; the prompt is for the next launch. */
  play(acts: readonly Act[]): string;
  /** Lets every model call answer this, whatever the script says. */
  answerAll(reply: ModelReply | undefined): void;
  /** Holds every model call back until what is returned is called. */
  holdModel(): () => void;
  assignment(changes: Partial<Assignment>): Assignment;
  launch(changes: Partial<Assignment>): Promise<TestRun>;
  close(): Promise<void>;
}

const POLICY: Assignment['policy'] = {
  tools: ['read', 'search', 'edit', 'shell'],
  writable: ['**'],
  protected: ['secrets/**'],
  commands: ['echo', 'touch', 'sleep', 'setsid', 'cat'],
  aiosTools: ['ask', 'recall'],
  deferred: ['ask'],
};

/** Whether an event ends a run. */
export function isTerminal(event: AgentEvent): boolean {
  return event.type === 'finished' || event.type === 'failed';
}

/** Which call a run waits for. */
export function deferredId(run: TestRun): string {
  const found = run.events.find((event) => event.type === 'deferred');
  return found?.type === 'deferred' ? found.call.toolUseId : 'nothing was deferred';
}

function watch(): {
  tell(event: AgentEvent): void;
  over(): void;
  events: AgentEvent[];
  until: TestRun['until'];
} {
  const events: AgentEvent[] = [];
  const waiting = new Set<(event?: AgentEvent) => void>();
  let over = false;
  return {
    events,
    tell(event) {
      events.push(event);
      for (const tell of waiting) tell(event);
    },
    over() {
      over = true;
      for (const tell of waiting) tell();
    },
    until(predicate) {
      const earlier = events.find(predicate);
      if (earlier) return Promise.resolve(earlier);
      if (over) return Promise.reject(new Error(`never came: ${JSON.stringify(events)}`));
      return new Promise((resolve, reject) => {
        waiting.add((event) => {
          if (event && predicate(event)) resolve(event);
          else if (!event) reject(new Error(`never came: ${JSON.stringify(events)}`));
        });
      });
    },
  };
}

/** Builds a bench for one driver. */
export async function openBench(driver: string, toScript: ToScript): Promise<Bench> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'aios-driver-')));
  const data = join(root, 'data');
  const workspace = join(data, 'workspace');
  const home = join(data, 'home');
  for (const folder of [workspace, home]) mkdirSync(folder, { recursive: true });
  let script: Script = toScript([], workspace);
  let forced: ModelReply | undefined;
  let held: Promise<void> = Promise.resolve();
  const model = await startModelServer(async (request) => {
    await held;
    return forced ?? script.model(request);
  });
  const tools = await startAiosTools(['ask', 'recall'], ANSWER);
  const launcher = forkLauncher({ hostEntry: HOST_ENTRY, dataFolder: data });
  const hosts: LaunchedHost[] = [];
  const session = randomUUID();
  const assignment = (changes: Partial<Assignment>): Assignment => ({
    run: `run_${randomUUID()}`,
    driver,
    agent: { id: 'agent_1', name: 'Ada', role: 'backend' },
    model: 'claude-sonnet-5-5',
    session: { id: session, resume: false },
    systemPrompt: 'You are Backend.',
    workspace,
    home,
    gateway: `${model.url}/run/GATEWAY-TOKEN`,
    mcp: { url: tools.url, token: 'TOOLS-TOKEN' },
    policy: POLICY,
    resolved: [],
    limits: { maxTurns: 20, maxOutputTokens: 4000 },
    environment: {},
    login: 'key',
    context: [],
    extraMcpServers: {},
    skills: [],
    leftOut: [],
    sandbox: { kind: 'none', readable: [] },
    ...changes,
  });
  const launch = async (changes: Partial<Assignment>): Promise<TestRun> => {
    const given = assignment(changes);
    const watcher = watch();
    const host = await launcher.launch({
      run: given.run,
      onMessage: (message) => {
        if (message.type === 'ready') host.send({ type: 'start', assignment: given });
        if (message.type === 'event') watcher.tell(message.event);
      },
      onGarbage: (reason) => {
        throw new Error(reason);
      },
    });
    hosts.push(host);
    void host.exited.then(watcher.over);
    return { run: given.run, host, events: watcher.events, until: watcher.until, exited: host.exited };
  };
  return {
    root,
    workspace,
    model,
    tools,
    play(acts) {
      script = toScript(acts, workspace);
      return script.prompt;
    },
    answerAll(reply) {
      forced = reply;
    },
    holdModel() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    assignment,
    launch,
    async close() {
      await Promise.all(hosts.map((host) => host.kill()));
      await Promise.all([model.close(), tools.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
