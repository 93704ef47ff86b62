import { randomBytes } from 'node:crypto';
import type { Fault } from '#protocol/model/fault.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import { harmless } from './text.ts';

/** The program's surroundings; a test gives its own. */
export interface CliIo {
  /** For results and `--json`. */
  out(text: string): void;
  /** For people. */
  err(text: string): void;
  /** People see `err` live and can answer. */
  readonly isTty: boolean;
  readonly columns: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => number;
  /** Hears the first Ctrl-C; the returned function stops listening. The second ends the program at once. */
  onInterrupt(listener: () => void): () => void;
}

/** Prints a fault the one way: what, why, what next, and an id to quote. Returns the code to end with. */
export function printFault(io: CliIo, fault: Fault, json = false): ExitCode {
  const id = randomBytes(4).toString('hex');
  const exitCode = exitCodeOf(fault);
  io.err(
    `aios: ${harmless([fault.what, fault.why, fault.next].filter((part) => part !== '').join(' '))} [${fault.tag} ${id}]\n`,
  );
  if (json) printJson(io, { type: 'result', exitCode, fault, id });
  return exitCode;
}

/** One line of newline-delimited JSON. */
export function printJson(io: CliIo, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`);
}
