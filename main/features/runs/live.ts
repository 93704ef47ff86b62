import type { LaunchedHost } from '#main/ports/agent-launcher/port.ts';

/** A run whose process is up, as doorbell, interrupt and views see it. */
export interface LiveRun {
  readonly run: string;
  readonly goal: string;
  readonly agent: string;
  readonly attempt: string;
  readonly host: LaunchedHost;
  readonly startedAt: number;
  /** Wall-clock milliseconds of the last sign that the process lives. */
  aliveAt: number;
  /** Wall-clock milliseconds of the last thing the agent said or did. */
  progressAt: number;
  /** What it is doing, one line. */
  activity: string;
  /** Set by an interrupt, so that the end is told apart from a crash. */
  interrupted: boolean;
  /** True once the driver has said how the run ended; a notice would not be heard any more. */
  over: boolean;
}

/** The runs that are up now. */
export interface LiveRuns {
  add(run: LiveRun): void;
  remove(run: string): void;
  get(run: string): LiveRun | undefined;
  ofAgent(agent: string): LiveRun | undefined;
  all(): LiveRun[];
}

/** See {@link LiveRuns}. */
export function createLiveRuns(): LiveRuns {
  const runs = new Map<string, LiveRun>();
  return {
    add: (run) => void runs.set(run.run, run),
    remove: (run) => void runs.delete(run),
    get: (run) => runs.get(run),
    ofAgent: (agent) => [...runs.values()].find((run) => run.agent === agent),
    all: () => [...runs.values()],
  };
}
