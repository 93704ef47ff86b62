import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { forkElsewhere } from '#main/platform/spawner/index.ts';
import type { ForkHost, HostProcess } from '#main/ports/agent-launcher/host-process.ts';

/** Starts hosts as Node processes, from the spawner: starting one from here would make every agent wait. */
export function nodeFork(): ForkHost {
  return async ({ entry, cwd, env }) => {
    const forked = await forkElsewhere({ entry, cwd, env });
    const stderr = new Readable({ read: () => undefined });
    let over = false;
    const gone = async (): Promise<Awaited<HostProcess['ended']>> => {
      const { code, signal, stderr: said } = await forked.ended;
      over = true;
      stderr.push(said);
      stderr.push(null);
      // Whoever reads its last words has them before its end.
      await nextTurn();
      return { code, signal };
    };
    const { pid } = forked;
    return {
      pid,
      stdout: null,
      stderr,
      ended: gone(),
      onMessage: forked.onMessage,
      send: forked.send,
      terminate() {
        try {
          if (pid !== undefined && !over) process.kill(pid, 'SIGTERM');
        } catch {
          // It ended a moment ago.
        }
      },
    };
  };
}
