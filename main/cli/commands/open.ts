import { parseArgs } from 'node:util';
import { parseSafely } from '../arguments.ts';
import type { Command } from '../command.ts';
import { printFault } from '../io.ts';
import { serveUntilInterrupted } from './serve.ts';

/** `aios open`. */
export const openCommand: Command = {
  help: `Usage: aios open

Prints a link to the control center that logs one browser in, once. When nothing is running it serves,
until Ctrl-C.`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: {}, strict: true }));
    return parsed.ok
      ? serveUntilInterrupted(context, { mode: 'work', port: 'preferred' }, true)
      : printFault(context.io, parsed.error);
  },
};
