import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';

/** A program and the terminal it is to be attached to. Paths are absolute. */
export interface TerminalRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

/** A program that runs in a terminal of its own. */
export interface TerminalProcess {
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** Stops reading, so that the program waits; `resume` reads on. */
  pause(): void;
  resume(): void;
  /** Hangs up, as closing a window does. Safe to call twice. */
  hangUp(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What a terminal tells. `onEnd` is last and comes once. */
export interface TerminalEvents {
  readonly onData: (data: string) => void;
  readonly onEnd: (exitCode: number | null) => void;
}

/** Opens pseudo-terminals of the operating system. Fails with `no-terminal` where it cannot. */
export interface TerminalOpener {
  open(request: TerminalRequest, events: TerminalEvents): Promise<Result<TerminalProcess, Fault>>;
}
