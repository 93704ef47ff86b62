import { parseArgs } from 'node:util';
import { ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { numberOf, parseSafely } from '../arguments.ts';
import type { BackendWish } from '../backend.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printFault } from '../io.ts';
import { untilInterrupted, withBackend } from '../with-backend.ts';

const HELP = `Usage: aios serve [--port N]

Runs the orchestrator and serves the control center on 127.0.0.1 until Ctrl-C. Prints a link that logs one
browser in, once; \`aios open\` prints another.

  --port N   The port (default: the one of settings.json, else a free one)`;

const alreadyRunning = faultOf(
  'cannot-attach',
  'An orchestrator is running already.',
  'One data folder has one.',
  'Use it: `aios open` prints a link to it.',
);

/** Serves until interrupted. With `reuse`, a link to the running orchestrator is as good. */
export function serveUntilInterrupted(context: CommandContext, wish: BackendWish, reuse: boolean): Promise<ExitCode> {
  let interrupted: Promise<void> | undefined;
  // The page can be opened from now on; it waits for what is still being loaded and read.
  const onServed = (link: string) => {
    context.io.out(`${link}\n`);
    interrupted = untilInterrupted(context);
  };
  return withBackend(context, { ...wish, onServed }, false, async (backend) => {
    if (backend.attached && !reuse) {
      printFault(context.io, alreadyRunning);
      return ok(EXIT.cannotAttach);
    }
    if (backend.attached) {
      const link = await backend.link();
      if (link !== null && !link.ok) return link;
      context.io.out(`${link === null ? '' : link.value}\n`);
      return ok(EXIT.done);
    }
    context.io.err('Serving the control center; Ctrl-C ends it, twice at once.\n');
    await (interrupted ?? untilInterrupted(context));
    context.io.err('Ending runs cleanly; nothing is lost.\n');
    return ok(EXIT.done);
  });
}

/** `aios serve`. */
export const serveCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: { port: { type: 'string' } }, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const port = numberOf('port', parsed.value.values.port, { least: 0, most: 65_535, whole: true });
    return port.ok
      ? serveUntilInterrupted(context, { mode: 'work', port: port.value ?? 'preferred' }, false)
      : printFault(context.io, port.error);
  },
};
