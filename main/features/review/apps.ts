import { connect, createServer } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { CommandRunner } from '#main/features/merges/index.ts';
import { folderReader } from '#main/features/projects/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { RunningApp } from '#protocol/contract/review.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { devCommand } from './dev-command.ts';

/** Where an app is to run. */
export interface AppRequest {
  readonly goal: string;
  readonly attempt: string | null;
  /** Makes the folder ready and says where it is; only called when the app is not running yet. */
  readonly prepare: (signal: AbortSignal) => Promise<Result<AppFolder, Fault>>;
}

/** A folder to run an app in. `leave` is called once everything in it has ended. */
export interface AppFolder {
  readonly path: string;
  readonly leave: () => Promise<void>;
}

/** The apps that run, and those that ended not long ago. */
export interface Apps {
  /** Starts the project's dev command on a port of its own; a running app of the same work is returned as it is. */
  run(request: AppRequest): Promise<Result<RunningApp, Fault>>;
  list(): RunningApp[];
  /** Ends an app with all it started. False when it was over. */
  stop(id: string): Promise<boolean>;
  /** Ends them all. */
  close(): Promise<void>;
}

/** What {@link createApps} needs. */
export interface AppParts {
  readonly commands: CommandRunner;
  readonly newId: (prefix: string) => string;
  readonly after: (ms: number, run: () => void) => () => void;
}

const OUTPUT_LIMIT = 64 * 1024;
const MOST_RUNNING = 8;
const MOST_KEPT = 20;
const LOOK_EVERY_MS = 200;
const HOST = '127.0.0.1';

interface Held {
  view: RunningApp;
  readonly port: number;
  readonly stop: AbortController;
  ended: Promise<void>;
}

/** A port nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST, timeout: 1_000 });
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** See {@link Apps}. */
export function createApps({ commands, newId, after }: AppParts): Apps {
  const apps = new Map<string, Held>();
  const closing = new AbortController();
  const starting = new Map<string, Promise<Result<RunningApp, Fault>>>();
  const isOver = ({ view }: Held) => view.state === 'ended';
  const change = (app: Held, part: Partial<RunningApp>) => {
    app.view = { ...app.view, ...part };
  };
  const say = (app: Held, text: string) => change(app, { output: `${app.view.output}${text}`.slice(-OUTPUT_LIMIT) });

  /** Looks until somebody answers on the port or the app is over. */
  function watchPort(app: Held): void {
    const look = async () => {
      if (app.view.state !== 'starting') return;
      const up = await answers(app.port);
      if (app.view.state !== 'starting') return;
      if (up) change(app, { state: 'up' });
      else after(LOOK_EVERY_MS, () => void look());
    };
    void look();
  }

  async function serve(app: Held, folder: AppFolder): Promise<void> {
    const decoder = new StringDecoder('utf8');
    try {
      const outcome = await commands.serve({
        command: app.view.command,
        cwd: folder.path,
        key: app.view.id,
        env: { PORT: String(app.port), HOST, BROWSER: 'none', FORCE_COLOR: '0' },
        signal: app.stop.signal,
        onOutput: (chunk) => say(app, decoder.write(chunk)),
      });
      if (app.view.output === '') say(app, outcome.output);
      change(app, { state: 'ended', exitCode: outcome.exitCode });
    } catch (error) {
      say(app, String(error));
      change(app, { state: 'ended' });
    } finally {
      await folder.leave().catch(() => undefined);
    }
  }

  function forgetOldest(): void {
    const over = [...apps].filter(([, app]) => isOver(app));
    for (const [id] of over.slice(0, Math.max(0, apps.size - MOST_KEPT))) apps.delete(id);
  }

  async function start({ goal, attempt, prepare }: AppRequest): Promise<Result<RunningApp, Fault>> {
    const stop = new AbortController();
    const folder = await prepare(closing.signal);
    if (!folder.ok) return folder;
    if (closing.signal.aborted) stop.abort();
    const port = await freePort();
    const command = await devCommand(folderReader(folder.value.path), port);
    if (!command.ok) {
      await folder.value.leave();
      return command;
    }
    const view: RunningApp = {
      id: newId('app'),
      goal,
      attempt,
      command: command.value,
      url: `http://${HOST}:${port}/`,
      state: 'starting',
      exitCode: null,
      output: '',
    };
    const app: Held = { view, port, stop, ended: Promise.resolve() };
    apps.set(view.id, app);
    forgetOldest();
    app.ended = serve(app, folder.value);
    watchPort(app);
    return ok(app.view);
  }

  async function stopApp(app: Held): Promise<void> {
    app.stop.abort();
    await app.ended;
  }

  return {
    run(request) {
      const of = (goal: string, attempt: string | null) => `${goal} ${attempt ?? ''}`;
      const key = of(request.goal, request.attempt);
      const running = [...apps.values()].filter((app) => !isOver(app));
      const same = running.find(({ view }) => of(view.goal, view.attempt) === key);
      if (same) return Promise.resolve(ok(same.view));
      if (running.length >= MOST_RUNNING)
        return Promise.resolve(
          err(faultOf('too-many-apps', `${MOST_RUNNING} apps run already.`, 'Each holds a port.', 'Stop one first.')),
        );
      const started = starting.get(key) ?? start(request).finally(() => starting.delete(key));
      starting.set(key, started);
      return started;
    },
    list: () => [...apps.values()].map((app) => app.view),
    async stop(id) {
      const app = apps.get(id);
      if (!app || isOver(app)) return false;
      await stopApp(app);
      return true;
    },
    async close() {
      closing.abort();
      await Promise.allSettled(starting.values());
      await Promise.all([...apps.values()].map(stopApp));
    },
  };
}
