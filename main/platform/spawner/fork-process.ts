import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ForkEnd, ForkOrder } from './messages.ts';

const STDERR_LIMIT = 16 * 1024;
/** How long the last words may take when something the program started holds its stderr. */
const LAST_WORDS_MS = 200;

async function endOf(child: ChildProcess): Promise<ForkEnd> {
  let stderr = Buffer.alloc(0);
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_LIMIT);
  });
  const closed = once(child, 'close');
  const [code, signal] = await once(child, 'exit').catch(() => [null, null]);
  await Promise.race([closed.catch(() => undefined), pause(LAST_WORDS_MS)]);
  return { code, signal, stderr: stderr.toString('utf8') };
}

/** Forks a Node program; without a pid it never started. */
export function forkProcess({ entry, cwd, env }: ForkOrder): { child: ChildProcess; ended: Promise<ForkEnd> } {
  const child = fork(entry, [], {
    cwd,
    env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'json',
    // What a program says on its standard output is for nobody.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Its own group: a Ctrl-C in the owner's terminal is the owner's to handle.
    detached: true,
  });
  return { child, ended: endOf(child) };
}
