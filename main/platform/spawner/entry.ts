import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { forkProcess } from './fork-process.ts';
import type { FromSpawner, ToSpawner } from './messages.ts';
import { runProcess } from './run-process.ts';

/** Below the owner, so that what it started does not make it wait. */
const NICE = 5;

const port = parentPort;
const forked = new Map<number, ChildProcess>();

function tell(message: FromSpawner): void {
  if (port) port.postMessage(message);
  else if (process.connected) process.send?.(message, () => undefined);
}

async function start(id: number, order: Parameters<typeof forkProcess>[0]): Promise<void> {
  const { child, ended } = forkProcess(order);
  forked.set(id, child);
  if (child.pid !== undefined) tell({ kind: 'forked', id, pid: child.pid });
  child.on('message', (message) => tell({ kind: 'heard', id, message }));
  const end = await ended;
  forked.delete(id);
  tell({ kind: 'ended', id, end });
}

async function obey(message: ToSpawner): Promise<void> {
  if (message.kind === 'run') tell({ kind: 'ran', id: message.id, end: await runProcess(message.order) });
  else if (message.kind === 'fork') await start(message.id, message.order);
  else {
    const child = forked.get(message.id);
    if (child?.connected) child.send(message.message as object, () => undefined);
  }
}

if (port) port.on('message', (message: ToSpawner) => void obey(message));
else {
  try {
    setPriority(NICE);
  } catch {
    // Priorities cannot be set here.
  }
  process.on('message', (message: ToSpawner) => void obey(message));
  // Without its owner it forks and hears nothing more. What it forked is told by its line that closes; what it runs
  // comes to its end, because what is cut off may leave locks behind.
  process.on('disconnect', () => {
    for (const child of forked.values()) {
      if (child.connected) child.disconnect();
      child.stderr?.destroy();
      child.unref();
    }
  });
}
