import type { GatewayLimits } from '#main/gateway/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { NewId } from '#main/platform/ids.ts';
import type { Result } from '#main/platform/result.ts';
import type { AgentLauncher } from '#main/ports/agent-launcher/port.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Fault } from '#protocol/model/fault.ts';

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

/** Replacements, for tests and for the desktop shell. */
export interface OrchestratorOverrides {
  readonly clock?: Clock;
  readonly newId?: NewId;
  readonly launcher?: AgentLauncher;
  /** Limits of the model gateway that differ from its defaults. */
  readonly gatewayLimits?: Partial<GatewayLimits>;
  /** `none` contains agents by policy alone, as on a machine without a sandbox. */
  readonly sandbox?: 'none';
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

/** The orchestrator's public face. */
export interface Orchestrator {
  /** Opens the data folder, recovers, and starts performing. Fails when another orchestrator owns it. */
  start(): Promise<Result<void, Fault>>;
  /** Serves UI, RPC, OpenAPI and MCP on loopback. `port` 0 chooses a free one. */
  serve(options: { readonly port: number; readonly renderer: string | null }): Promise<Result<Served, Fault>>;
  readonly operations: Operations;
  /** Ends runs cleanly, saves, closes. Safe to call twice. */
  stop(): Promise<void>;
}
