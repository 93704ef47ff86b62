import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Backend, BackendWish } from './backend.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printFault } from './io.ts';

/** Opens a backend, does the work, closes it whatever happens; prints the fault of either. */
export async function withBackend(
  context: CommandContext,
  wish: BackendWish,
  json: boolean,
  work: (backend: Backend) => Promise<Result<ExitCode | undefined, Fault>>,
): Promise<ExitCode> {
  const backend = await context.open(wish);
  if (!backend.ok) return printFault(context.io, backend.error, json);
  try {
    const result = await work(backend.value);
    return result.ok ? (result.value ?? EXIT.done) : printFault(context.io, result.error, json);
  } finally {
    await backend.value.close();
  }
}

/** Resolves at the first Ctrl-C. */
export function untilInterrupted(context: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    const stop = context.io.onInterrupt(() => {
      stop();
      resolve();
    });
  });
}
