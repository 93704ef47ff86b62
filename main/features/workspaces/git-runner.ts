import { Worker } from 'node:worker_threads';
import type { GitAnswer, GitOrder } from './git-messages.ts';

type Waiting = (answer: Omit<GitAnswer, 'id'>) => void;

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** A thread that starts processes needs no room for garbage of its own. */
const YOUNG_MIB = 4;

let thread: Thread | undefined;
let orders = 0;

function begin(): Thread {
  const worker = new Worker(new URL('./git-thread.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  const waiting = new Map<number, Waiting>();
  const begun: Thread = { worker, waiting };
  const answered = ({ id, ...answer }: GitAnswer) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
    // Only a git that runs keeps the process alive.
    if (waiting.size === 0) worker.unref();
  };
  const gone = () => {
    if (thread === begun) thread = undefined;
    for (const id of waiting.keys()) answered({ id, code: -1, stdout: new Uint8Array(), stderr: '', problem: 'spawn' });
  };
  worker.on('message', answered);
  worker.on('error', gone);
  worker.on('exit', gone);
  worker.unref();
  return begun;
}

/**
 * Runs git to its end from a thread of its own. Starting a process holds its thread until the operating system has
 * replaced it: 30 ms and more on a busy machine, some fifty times an attempt, and the main thread must stay quick.
 */
export function runGit(order: Omit<GitOrder, 'id'>): Promise<Omit<GitAnswer, 'id'>> {
  thread ??= begin();
  const { worker, waiting } = thread;
  orders += 1;
  const id = orders;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker.ref();
    worker.postMessage({ ...order, id } satisfies GitOrder);
  });
}
