import type { FromHost, ToHost } from '#protocol/agent/channel.ts';

/** How a host ended. `expected` is true after `stop`. */
export interface HostExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Last lines the host wrote to stderr, at most 16 KiB. */
  readonly stderr: string;
}

/** A running agent-host. */
export interface LaunchedHost {
  /** Operating-system process id, or null where there is none (a pod). */
  readonly pid: number | null;
  send(message: ToHost): void;
  /** Resolves when the host and every process marked with its run are gone. */
  readonly exited: Promise<HostExit>;
  /** Ends the host and every process that carries its marker, within five seconds. Safe to call twice. */
  kill(): Promise<void>;
}

/** What the launcher needs to start a host. */
export interface LaunchRequest {
  readonly run: string;
  readonly onMessage: (message: FromHost) => void;
  /** A message that did not decode, or was over the limit; the host goes on. */
  readonly onGarbage: (reason: string) => void;
}

/** CPU and memory of everything that carries a run's marker. */
export interface RunFootprint {
  readonly run: string;
  readonly pids: readonly number[];
  readonly residentBytes: number;
  /** Seconds of CPU used so far by the processes alive now. */
  readonly cpuSeconds: number;
}

/** Starts agent-hosts: forked processes here, utility processes in the desktop shell, containers or pods elsewhere. */
export interface AgentLauncher {
  /**
   * A run of this driver is likely within seconds: its host may be started ahead, at most one, without token, workspace
   * or assignment. The next launch takes it; one that nobody takes is ended.
   */
  expect(driver: string): void;
  /** Ends what was started ahead. Runs are not touched. */
  close(): Promise<void>;
  launch(request: LaunchRequest): Promise<LaunchedHost>;
  /**
   * Ends every process left over from earlier orchestrators of the same data folder (any run not in `keep`).
   * Resolves with the runs of which something was found alive.
   */
  reap(keep: ReadonlySet<string>): Promise<readonly string[]>;
  footprint(): Promise<readonly RunFootprint[]>;
}
