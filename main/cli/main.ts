import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StartedAhead } from '#main/compose/ahead.ts';
import { homeOf } from '#main/platform/data-folder.ts';

/** Commands that run agents here: whether a page is waited for. */
const WORK: ReadonlyMap<string, boolean> = new Map([
  ['start', true],
  ['serve', true],
  ['run', false],
  ['rehearse', false],
]);

/** The threads of an orchestrator start while the rest is loaded. Where one seems to run already it is attached to instead. */
async function aheadOf(args: readonly string[], home: string): Promise<StartedAhead | null> {
  const forPage = WORK.get(args[0] ?? '');
  if (forPage === undefined || args.includes('--help') || existsSync(join(home, 'server.json'))) return null;
  const { startAhead } = await import('#main/compose/ahead.ts');
  return startAhead(home, forPage);
}

const args = process.argv.slice(2);
const home = homeOf(process.env);
const ahead = await aheadOf(args, home);
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(args, home, ahead);
await ahead?.end();
// Everything is closed by now; a connection that lingers must not keep the terminal.
setTimeout(() => process.exit(), 2_000).unref();
