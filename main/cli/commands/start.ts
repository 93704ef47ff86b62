import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { parseSafely } from '../arguments.ts';
import { isBuilt } from '../built.ts';
import type { Command, CommandContext } from '../command.ts';
import { findDesktop, runDesktop } from '../desktop.ts';
import type { ExitCode } from '../exit-codes.ts';
import { printFault } from '../io.ts';
import { PLACES } from '../places.ts';
import { serveUntilInterrupted } from './serve.ts';

const BUILD_WITHIN_MS = 120_000;

/** What is built before the first start and after a change: what shows that it was, its sources, and what builds it. */
const PAGE = {
  built: join(PLACES.renderer, 'index.html'),
  sources: ['renderer', 'protocol'],
  args: [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '-c', join('renderer', 'vite.config.ts')],
};
const SHELL = {
  built: join(PLACES.root, 'out', 'electron', 'electron', 'index.js'),
  sources: ['electron', 'main', 'agent-host', 'protocol'],
  args: [join('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'],
};

/** Builds what is not there, or is older than its sources. */
async function build({ built, sources, args }: typeof PAGE): Promise<Result<void, Fault>> {
  const folders = sources.map((folder) => join(PLACES.root, folder));
  if (await isBuilt(built, folders)) return ok(undefined);
  const { execFile } = await import('node:child_process');
  return new Promise((resolve) => {
    // Whatever the terminal says: a page with React's warnings in it takes half as long again to show.
    const env = { ...process.env, NODE_ENV: 'production' };
    execFile(process.execPath, args, { cwd: PLACES.root, timeout: BUILD_WITHIN_MS, env }, (error, _, stderr) => {
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

async function startDesktop(program: string, safe: boolean, context: CommandContext): Promise<ExitCode> {
  const { io } = context;
  const built = await build(SHELL);
  if (!built.ok) return printFault(io, built.error);
  const args = [SHELL.built, ...(safe ? ['--safe'] : [])];
  return runDesktop({ program, args, env: io.env }, io.onInterrupt);
}

/** `aios start`: what `npm start` does. */
export const startCommand: Command = {
  help: `Usage: aios start [--browser] [--safe]

Opens the control center, building it if needed: in a window of its own where Electron's binary and a display are
there, else served on 127.0.0.1, with a link that logs one browser in.

  --browser   Serve it to a browser anyway
  --safe      In the window: start no agents, to look at what went wrong`,
  async run(args, context) {
    const options = { browser: { type: 'boolean' }, safe: { type: 'boolean' } } as const;
    const parsed = parseSafely(() => parseArgs({ args, options, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { browser = false, safe = false } = parsed.value.values;
    const desktop = findDesktop(PLACES.root, context.io.env);
    if (desktop.found && !browser) {
      const built = await build(PAGE);
      return built.ok ? startDesktop(desktop.program, safe, context) : printFault(context.io, built.error);
    }
    if (!desktop.found) context.io.err(`${desktop.why}\n`);
    return serveUntilInterrupted(context, { mode: 'work', port: 'preferred', before: () => build(PAGE) }, true);
  },
};
