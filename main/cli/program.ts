import type { StartedAhead } from '#main/compose/ahead.ts';
import { backendOpener } from './backend.ts';
import { runCli } from './cli.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { CliIo } from './io.ts';

const ECHO_MS = 150;

/** Tells the command of the first Ctrl-C; the second ends the program, which loses nothing. */
function interrupts(): CliIo['onInterrupt'] {
  const listeners = new Set<() => void>();
  let first = 0;
  const hear = () => {
    const now = Date.now();
    // One Ctrl-C may come twice: from the terminal, and passed on by the program that started this one.
    if (first > 0 && now - first < ECHO_MS) return;
    const again = first > 0;
    first = now;
    if (again || listeners.size === 0) process.exit(EXIT.interrupted);
    for (const listener of listeners) listener();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}

const io: CliIo = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTty: process.stderr.isTTY === true,
  columns: () => process.stderr.columns ?? 80,
  env: process.env,
  cwd: process.cwd(),
  now: () => Date.now(),
  onInterrupt: interrupts(),
};

// A reader that went away (`aios logs | head`) is no error.
process.stdout.on('error', () => process.exit(EXIT.done));

/** Runs one command of the program; resolves to its exit code once everything is closed. */
export function runProgram(args: readonly string[], home: string, ahead: StartedAhead | null): Promise<ExitCode> {
  return runCli([...args], { io, home, open: backendOpener(io, home, ahead) });
}
