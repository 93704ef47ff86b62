import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ahead, StartedAhead } from '#main/compose/ahead.ts';
import type { Orchestrator } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { CliIo } from './io.ts';
import { PLACES } from './places.ts';
import { readSettings, type Settings, upstreamsOf } from './settings.ts';

/** The operations a command works with: of the running orchestrator, or of one in this process. */
export interface Backend {
  readonly operations: Operations;
  /** True when another process runs the agents; closing only hangs up. */
  readonly attached: boolean;
  /** A link that logs one browser in; null when nothing is served. */
  link(): Promise<Result<string, Fault> | null>;
  /** Ends what this process started: runs cleanly, then the store. */
  close(): Promise<void>;
}

/** What a command needs of its backend. */
export interface BackendWish {
  /** `work`: agents run here. `ask`: look and decide only; nothing is started by asking. */
  readonly mode: 'work' | 'ask';
  /** A port to serve on, only with `work`; `preferred` is the one of the settings. Default: a free one. */
  readonly port?: number | 'preferred';
  /** What must have been done before anything is served; it begins while the data folder is being opened. */
  readonly before?: () => Promise<Result<void, Fault>>;
  /** Hears a link as soon as the page is served here, before the agents' work can go on. */
  readonly onServed?: (link: string) => void;
  /** Another model endpoint for this start; refused when one is running already. */
  readonly upstreamUrl?: string | undefined;
}

/** Opens a backend on a data folder. */
export type OpenBackend = (wish: BackendWish) => Promise<Result<Backend, Fault>>;

interface Surroundings {
  readonly io: CliIo;
  readonly home: string;
  readonly ahead: StartedAhead | null;
}

const notRunning = (home: string) =>
  faultOf('not-running', 'No orchestrator is running.', `There is no server.json in ${home}.`, 'Start one.');

async function attached(home: string): Promise<Result<Backend, Fault>> {
  // Loaded only when there seems to be somebody to talk to.
  if (!existsSync(join(home, 'server.json'))) return err(notRunning(home));
  const { attach } = await import('#main/client/index.ts');
  const client = await attach(home);
  if (!client.ok) return client;
  const { operations, loginLink, close } = client.value;
  return ok({ operations, attached: true, link: loginLink, close: async () => close() });
}

async function build(
  { io, home }: Surroundings,
  wish: BackendWish,
  from: Settings,
  ahead: Ahead | undefined,
): Promise<Orchestrator> {
  // Loaded only when needed: `aios help` and attached commands need no database.
  const { loadOrchestrator } = await import('#main/compose/load.ts');
  const { createOrchestrator } = await loadOrchestrator();
  const { createDemoCrew } = await import('./rehearse/demo.ts');
  return createOrchestrator(
    {
      home,
      upstreams: upstreamsOf(io.env, from, wish.upstreamUrl),
      executable: from.executable ?? null,
      // Without places no agent starts: asking about a goal must not run it.
      agentCap: wish.mode === 'ask' ? 0 : null,
      resources: PLACES.resources,
    },
    { ...(ahead && { ahead }), ...(wish.mode === 'ask' ? {} : { demo: createDemoCrew(PLACES.resources) }) },
  );
}

/** What is served: where, and the page that was built. */
function serving(wish: BackendWish, from: Settings): { port: number; renderer: string } {
  return { port: (wish.port === 'preferred' ? from.port : wish.port) ?? 0, renderer: PLACES.renderer };
}

/** What begins before the rest is loaded; where it was not begun yet, it is now. */
async function aheadOf({ home, ahead }: Surroundings, forPage: boolean): Promise<Ahead | undefined> {
  if (ahead) return ahead.take(home);
  const { startAhead } = await import('#main/compose/ahead.ts');
  return startAhead(home, forPage).take(home);
}

async function embedded(surroundings: Surroundings, wish: BackendWish): Promise<Result<Backend, Fault>> {
  const settings = await readSettings(surroundings.home);
  if (!settings.ok) return settings;
  const works = wish.mode === 'work';
  const ahead = works ? await aheadOf(surroundings, wish.onServed !== undefined) : undefined;
  // Whose the folder is, is decided here: nobody else has it once a link is told.
  const door = await ahead?.serve({ ...serving(wish, settings.value), before: wish.before });
  if (door?.ok === false) return door;
  if (wish.onServed === undefined) {
    // Nobody waits for a page: what agents need comes up beside what is loaded now.
    ahead?.gateway();
    void ahead?.sandbox();
  } else if (door) wish.onServed(door.value.oneTimeLink());
  await ahead?.visited();
  await ahead?.drawn();
  const orchestrator = await build(surroundings, wish, settings.value, ahead);
  const started = await orchestrator.start();
  const served = started.ok && works ? await orchestrator.serve(serving(wish, settings.value)) : started;
  if (!served.ok) {
    await orchestrator.stop();
    return served;
  }
  const server = served.value ?? null;
  return ok({
    operations: orchestrator.operations,
    attached: false,
    link: async () => (server ? ok(server.oneTimeLink()) : null),
    close: () => orchestrator.stop(),
  });
}

const upstreamRefused = faultOf(
  'usage',
  '--upstream-url cannot be used now.',
  'The running orchestrator has its own model endpoints.',
  'Stop it first, or leave the option out.',
);

/** Attaches to the orchestrator that owns the data folder, else starts one in this process, with what was started ahead. */
export function backendOpener(io: CliIo, home: string, ahead: StartedAhead | null = null): OpenBackend {
  return async (wish) => {
    const running = await attached(home);
    if (running.ok) {
      if (wish.upstreamUrl === undefined) return running;
      await running.value.close();
      return err(upstreamRefused);
    }
    return running.error.tag === 'not-running' ? embedded({ io, home, ahead }, wish) : running;
  };
}
