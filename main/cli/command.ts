import type { OpenBackend } from './backend.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';

/** What every command is given. */
export interface CommandContext {
  readonly io: CliIo;
  /** The data folder. */
  readonly home: string;
  readonly open: OpenBackend;
}

/** One command of `aios`. */
export interface Command {
  /** The text of `--help`. */
  readonly help: string;
  run(args: string[], context: CommandContext): Promise<ExitCode>;
}
