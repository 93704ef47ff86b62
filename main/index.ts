import type { Ahead } from '#main/compose/ahead.ts';
import type { GatewayLimits } from '#main/gateway/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { NewId } from '#main/platform/ids.ts';
import type { Result } from '#main/platform/result.ts';
import type { ForkHost } from '#main/ports/agent-launcher/host-process.ts';
import type { AgentLauncher } from '#main/ports/agent-launcher/port.ts';
import type { SecretStore } from '#main/ports/secrets/port.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Fault } from '#protocol/model/fault.ts';

export { follow } from '#main/client/follow.ts';
export { readConfiguration } from '#main/compose/configuration.ts';
export { createOrchestrator } from '#main/compose/index.ts';
export { homeOf } from '#main/platform/data-folder.ts';
export type { Result } from '#main/platform/result.ts';
export type { ForkHost, HostProcess } from '#main/ports/agent-launcher/host-process.ts';
export type { SecretStore } from '#main/ports/secrets/port.ts';
export { contentSecurityPolicy, SECURITY_HEADERS } from '#main/server/http/headers.ts';
export type { Operations } from '#main/server/operations.ts';

/** A model endpoint the gateway may forward to. */
export interface UpstreamConfig {
  readonly id: string;
  readonly baseUrl: string;
  /** The operator's key; null passes the user's own login through. */
  readonly key: string | null;
  /** True when its words are scripted: its money and outcomes never count as real. */
  readonly scripted: boolean;
}

/** What an orchestrator needs to be told. Everything else has a default. */
export interface OrchestratorConfig {
  /** The data folder: absolute. One orchestrator owns it at a time. */
  readonly home: string;
  readonly upstreams: readonly UpstreamConfig[];
  /** The user's own agent executable, absolute; null uses the driver's. */
  readonly executable: string | null;
  /** Most agents at once; null decides by cores and memory. */
  readonly agentCap: number | null;
  /** Folder with crews, prices and the built renderer. */
  readonly resources: string;
}

/** A script's words behind the model API, on loopback. */
export interface DemoModel {
  readonly baseUrl: string;
  /** The goal the script plays, and the one role that does it alone; null for the whole crew. */
  readonly goal: string;
  readonly agent: string | null;
  /** The check of the whole, outside every agent's reach; null where the script has none. */
  readonly acceptance: string | null;
}

/** The demo crew of an installation. Given by the face that ships it; without one there is no demo. */
export interface DemoCrew {
  /** Plays a script; the same script is opened once. Fails when it is not shipped. */
  open(script: string): Promise<Result<DemoModel, Fault>>;
  /** Makes the sample app, a git repository, in a folder that does not exist yet. */
  createApp(folder: string): Promise<Result<string, Fault>>;
  close(): Promise<void>;
}

/** Replacements, for tests and for the desktop shell. */
export interface OrchestratorOverrides {
  readonly clock?: Clock;
  readonly newId?: NewId;
  readonly launcher?: AgentLauncher;
  /** Starts the processes of agent-hosts; default: forks of this process's own Node. */
  readonly forkHost?: ForkHost;
  /** Where the operator's secrets are kept; default: a file only they can read. */
  readonly secrets?: SecretStore;
  readonly demo?: DemoCrew;
  /** What was started before the rest was loaded; see `compose/ahead.ts`. */
  readonly ahead?: Ahead;
  /** Limits of the model gateway that differ from its defaults. */
  readonly gatewayLimits?: Partial<GatewayLimits>;
  /** `none` contains agents by policy alone, as on a machine without a sandbox. */
  readonly sandbox?: 'none';
  /** Minutes without any event, tool or model call after which a run counts as stuck. */
  readonly silentMinutes?: number;
  /** Minutes a set-up or verify command may take. */
  readonly commandMinutes?: number;
}

/** A running server's address and how to log in. */
export interface Served {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** A link that logs one browser in, once. */
  oneTimeLink(): string;
  /** Bearer token for scripts; also in the data folder, mode 0600. */
  readonly token: string;
}

/** One end of a channel to a window, as the desktop shell's are. */
export interface ClientPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(data: unknown): void;
  /** Lets what was sent so far arrive. */
  start(): void;
}

/** The orchestrator's public face. */
export interface Orchestrator {
  /** Opens the data folder, recovers, and starts performing. Fails when another orchestrator owns it. */
  start(): Promise<Result<void, Fault>>;
  /** Serves UI, RPC, OpenAPI and MCP on loopback. `port` 0 chooses a free one. */
  serve(options: { readonly port: number; readonly renderer: string | null }): Promise<Result<Served, Fault>>;
  readonly operations: Operations;
  /** Serves the contract to a window over a port of its own, which the window may close. */
  connect(port: ClientPort): void;
  /** Ends runs cleanly, saves, closes. Safe to call twice. */
  stop(): Promise<void>;
}
