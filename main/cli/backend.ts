import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attach } from '#main/client/index.ts';
import type { StartedAhead } from '#main/compose/ahead.ts';
import type { Orchestrator, Served } from '#main/index.ts';
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

async function attached(home: string): Promise<Result<Backend, Fault>> {
  const client = await attach(home);
  if (!client.ok) return client;
  const { operations, loginLink, close } = client.value;
  return ok({ operations, attached: true, link: loginLink, close: async () => close() });
}

async function build({ io, home, ahead }: Surroundings, wish: BackendWish, from: Settings): Promise<Orchestrator> {
  // Loaded only when needed: `aios help` and attached commands need no database.
  const { createOrchestrator } = await import('#main/compose/index.ts');
  const { createDemoCrew } = await import('./rehearse/demo.ts');
  const threads = ahead?.take(home);
  return createOrchestrator(
    {
      home,
      upstreams: upstreamsOf(io.env, from, wish.upstreamUrl),
      executable: from.executable ?? null,
      // Without places no agent starts: asking about a goal must not run it.
      agentCap: wish.mode === 'ask' ? 0 : null,
      resources: PLACES.resources,
    },
    { ...(threads && { ahead: threads }), ...(wish.mode === 'ask' ? {} : { demo: createDemoCrew(PLACES.resources) }) },
  );
}

async function serve(
  orchestrator: Orchestrator,
  wish: BackendWish,
  from: Settings,
): Promise<Result<Served | null, Fault>> {
  if (wish.mode === 'ask') return ok(null);
  const renderer = existsSync(join(PLACES.renderer, 'index.html')) ? PLACES.renderer : null;
  const port = wish.port === 'preferred' ? from.port : wish.port;
  return orchestrator.serve({ port: port ?? 0, renderer });
}

async function embedded(surroundings: Surroundings, wish: BackendWish): Promise<Result<Backend, Fault>> {
  const settings = await readSettings(surroundings.home);
  if (!settings.ok) return settings;
  const orchestrator = await build(surroundings, wish, settings.value);
  const started = await orchestrator.start();
  const served = started.ok ? await serve(orchestrator, wish, settings.value) : started;
  if (!served.ok) {
    await orchestrator.stop();
    return served;
  }
  const server = served.value;
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
