import type { Readable } from 'node:stream';

/** How to start the process of a host. */
export interface HostStart {
  /** Absolute path of agent-host's entry. */
  readonly entry: string;
  readonly cwd: string;
  /** The whole environment: nothing of the starter's is added. */
  readonly env: NodeJS.ProcessEnv;
}

/** A host's process and the line to it, whoever started it. */
export interface HostProcess {
  /** Undefined when it never started. */
  readonly pid: number | undefined;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Resolves when the process is gone, or never came. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  onMessage(listener: (raw: unknown) => void): void;
  /** A process that is gone hears nothing; that is no error. */
  send(message: unknown): void;
  /** Asks it to end; safe when it has. */
  terminate(): void;
}

/** Starts a host's process. What cannot be started has `ended` at once. */
export type ForkHost = (start: HostStart) => Promise<HostProcess>;
