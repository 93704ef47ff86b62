import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';

/** What a driver can do; the orchestrator asks for these and never for a driver's name. */
export interface DriverCapabilities {
  /** A killed run continues its session. */
  readonly resume: boolean;
  /** A turn can be ended cleanly from outside. */
  readonly interrupt: boolean;
  /** A notice reaches the model inside a running turn. */
  readonly midTurnNotice: boolean;
  /** A tool call can end the turn and be replayed when its answer is there. */
  readonly defer: boolean;
  /** Its `started` event names the files that a session is resumed from, so that they can be kept elsewhere. */
  readonly sessionFiles: boolean;
  readonly structuredOutput: boolean;
  /** The driver reports tokens. */
  readonly costReporting: boolean;
  /** `before`: every model call passes the gateway and is reserved first. `after`: spend is known when it is spent. */
  readonly metered: 'before' | 'after';
}

/** A fixed text of ours; never somebody else's words. */
export interface Notice {
  readonly id: string;
  readonly text: string;
}

/** What the host gives a driver. Listeners also hear what arrived before they were registered. */
export interface DriverIo {
  emit(event: AgentEvent): void;
  onNotify(listener: (notice: Notice) => void): void;
  onInterrupt(listener: () => void): void;
  /** Aborted when the run must end now. */
  readonly signal: AbortSignal;
}

/** Turns an assignment into neutral events. `run` never throws: what goes wrong is a `failed` event. */
export interface Driver {
  readonly name: string;
  readonly capabilities: DriverCapabilities;
  run(assignment: Assignment, io: DriverIo): Promise<void>;
}
