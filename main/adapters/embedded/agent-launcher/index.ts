import { setPriority } from 'node:os';
import { findMarked, footprintOf, killMarked } from '#main/platform/process-tree.ts';
import type { ForkHost } from '#main/ports/agent-launcher/host-process.ts';
import type { AgentLauncher, RunFootprint } from '#main/ports/agent-launcher/port.ts';
import { createHeadStart } from './head-start.ts';
import { launchedHost } from './launched-host.ts';
import { DATA_MARKER, dataMark, hostEnvironment, RUN_MARKER } from './markers.ts';
import { nodeFork } from './node-fork.ts';

const NICE = 5;
const REAP_MS = 5000;
/** Making a workspace takes less, unless its set-up is long: then a host would only hold memory. */
const IDLE_MS = 30_000;

/** What the embedded launcher needs to know. */
export interface ForkLauncherOptions {
  /** Absolute path of agent-host's entry. */
  readonly hostEntry: string;
  /** The data folder whose runs these are. */
  readonly dataFolder: string;
  /** Starts a host's process; by default a fork of this process's own Node. */
  readonly fork?: ForkHost;
  /** Milliseconds after which a host that was started ahead and not needed is ended; half a minute when absent. */
  readonly idleMs?: number;
}

function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICE);
  } catch {
    // It ended already, or priorities cannot be set here.
  }
}

/** Process ids of this data folder's runs, by run. */
async function runsOf(dataFolder: string): Promise<Map<string, number[]>> {
  const [ours, marked] = await Promise.all([findMarked(DATA_MARKER), findMarked(RUN_MARKER)]);
  const mark = dataMark(dataFolder);
  const pids = new Set(ours.filter((found) => found.value === mark).map((found) => found.pid));
  const runs = new Map<string, number[]>();
  for (const { pid, value } of marked) {
    if (pids.has(pid) && pid !== process.pid) runs.set(value, [...(runs.get(value) ?? []), pid]);
  }
  return runs;
}

async function footprintOfRun(run: string, pids: readonly number[]): Promise<RunFootprint> {
  return { run, pids, ...(await footprintOf(pids)) };
}

/** Starts agent-hosts as processes of this machine. */
export function forkLauncher(options: ForkLauncherOptions): AgentLauncher {
  const fork = options.fork ?? nodeFork();
  /** Runs whose host was started before them, by the marker it carries instead of theirs. */
  const adopted = new Map<string, string>();
  const start = async (mark: string) => {
    const child = await fork({
      entry: options.hostEntry,
      cwd: options.dataFolder,
      env: hostEnvironment(mark, options.dataFolder, process.env),
    });
    giveWay(child.pid);
    return child;
  };
  const ahead = createHeadStart({ fork: start, idleMs: options.idleMs ?? IDLE_MS });
  return {
    expect: ahead.begin,
    close: ahead.close,
    async launch(request) {
      const spare = await ahead.take();
      if (!spare) return launchedHost(await start(request.run), request);
      adopted.set(spare.mark, request.run);
      const launched = launchedHost(spare.process, request, spare.mark);
      void launched.exited.then(() => adopted.delete(spare.mark));
      return launched;
    },
    async reap(keep) {
      const runs = [...(await runsOf(options.dataFolder)).keys()].filter((run) => !keep.has(run));
      if (runs.length > 0) await killMarked(RUN_MARKER, runs, REAP_MS);
      return runs;
    },
    async footprint() {
      const runs = new Map<string, number[]>();
      for (const [mark, pids] of await runsOf(options.dataFolder)) {
        const run = adopted.get(mark) ?? mark;
        runs.set(run, [...(runs.get(run) ?? []), ...pids]);
      }
      return Promise.all([...runs].map(([run, pids]) => footprintOfRun(run, pids)));
    },
  };
}
