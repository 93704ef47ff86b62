import { once } from 'node:events';
import { killMarked } from '#main/platform/process-tree.ts';
import type { HostProcess } from '#main/ports/agent-launcher/host-process.ts';
import type { HostExit, LaunchedHost, LaunchRequest } from '#main/ports/agent-launcher/port.ts';
import { CHANNEL_MESSAGE_LIMIT, type FromHost, fromHost, toHost } from '#protocol/agent/channel.ts';
import { RUN_MARKER } from './markers.ts';
import { tailOf } from './tail-buffer.ts';

const TAIL_BYTES = 16 * 1024;
/** How long a host may take to clean up by itself after SIGTERM. */
const GRACE_MS = 1500;
const SCAN_MS = 5000;

function decode(raw: unknown): FromHost | string {
  const size = Buffer.byteLength(JSON.stringify(raw) ?? '');
  if (size > CHANNEL_MESSAGE_LIMIT) return `a message of ${size} bytes is over the limit`;
  const message = fromHost.safeParse(raw);
  return message.success ? message.data : `a message did not decode: ${message.error.issues[0]?.message ?? 'unknown'}`;
}

/** Kills the host and its process group; what left the group is found by its marker afterwards. */
function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Already gone, or no groups on this platform.
    }
  }
}

async function endMarked(marks: readonly string[]): Promise<void> {
  // A run is over when no marked process is left: giving up here would report an end that is not one.
  while ((await killMarked(RUN_MARKER, marks, SCAN_MS)) > 0);
}

/**
 * Takes charge of a host's process: its messages, its output, its end. `mark` is what it was started with: the run, or
 * a value of its own when it was started before the run was known; what it starts carries the run.
 */
export function launchedHost(child: HostProcess, request: LaunchRequest, mark = request.run): LaunchedHost {
  const stderr = tailOf(child.stderr, TAIL_BYTES);
  tailOf(child.stdout, TAIL_BYTES);
  child.onMessage((raw) => {
    const message = decode(raw);
    if (typeof message === 'string') request.onGarbage(message);
    else request.onMessage(message);
  });
  const gone: Promise<Omit<HostExit, 'stderr'>> = child.ended;
  const exited = gone.then(async (end) => {
    await endMarked([request.run, mark]);
    return { ...end, stderr: stderr() };
  });
  let killing: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    child.terminate();
    const timeout = new AbortController();
    const patience = once(timeout.signal, 'abort');
    const timer = setTimeout(() => timeout.abort(), GRACE_MS);
    await Promise.race([gone, patience]);
    clearTimeout(timer);
    if (child.pid !== undefined) killGroup(child.pid);
    await exited;
  };
  return {
    pid: child.pid ?? null,
    send(message) {
      // A host that is gone is reported by `exited`, not by the messages it missed.
      child.send(toHost.parse(message));
    },
    exited,
    kill() {
      killing ??= kill();
      return killing;
    },
  };
}
