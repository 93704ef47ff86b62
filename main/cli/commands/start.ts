import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { parseSafely } from '../arguments.ts';
import type { Command } from '../command.ts';
import { printFault } from '../io.ts';
import { PLACES } from '../places.ts';
import { serveUntilInterrupted } from './serve.ts';

const BUILD_WITHIN_MS = 120_000;

/** Builds the page when it is not there. */
function buildPage(): Promise<Result<void, Fault>> {
  if (existsSync(join(PLACES.renderer, 'index.html'))) return Promise.resolve(ok(undefined));
  const args = [
    join(PLACES.root, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    '-c',
    join('renderer', 'vite.config.ts'),
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: PLACES.root, timeout: BUILD_WITHIN_MS }, (error, _, stderr) => {
      if (!error) return resolve(ok(undefined));
      const why = stderr.trim().split('\n').at(-1) ?? error.message;
      resolve(
        err(
          faultOf(
            'page-not-built',
            'The control center could not be built.',
            why,
            'Run `npm start` again, or use the command line.',
          ),
        ),
      );
    });
  });
}

/** `aios start`: what `npm start` does. */
export const startCommand: Command = {
  help: `Usage: aios start

Builds the control center if needed, serves it on 127.0.0.1 and prints a link that logs one browser in.`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: {}, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const built = await buildPage();
    if (!built.ok) return printFault(context.io, built.error);
    context.io.err(
      'Electron’s binary or a display is not available here, so the control center is served to your browser:\n',
    );
    return serveUntilInterrupted(context, 'preferred', true);
  },
};
