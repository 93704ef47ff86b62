import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromSpawner, ToSpawner } from './messages.ts';

/** The way to a spawner, which ends with this process. */
export interface Carrier {
  send(message: ToSpawner): void;
  /** While referenced, it keeps this process alive. */
  ref(): void;
  unref(): void;
}

/** Who hears what comes from the spawner. */
export interface CarrierListener {
  told(message: FromSpawner): void;
  /** It ended; nothing more is told. */
  gone(): void;
}

/** What starts processes needs no room for garbage of its own. */
const YOUNG_MIB = 4;

/** A spawner in a process of its own. */
export function processCarrier(entry: URL, listener: CarrierListener): Carrier {
  const { PATH = '', SystemRoot } = process.env;
  const child = fork(fileURLToPath(entry), [], {
    // Each program gets an environment with its order; nothing of this one's is for the spawner.
    env: SystemRoot === undefined ? { PATH } : { PATH, SystemRoot },
    execArgv: ['--disable-warning=ExperimentalWarning', `--max-semi-space-size=${YOUNG_MIB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // A Ctrl-C in the terminal is the owner's to handle.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.on('message', (message) => listener.told(message as FromSpawner));
  child.on('error', listener.gone);
  child.on('exit', listener.gone);
  child.unref();
  child.channel?.unref();
  return {
    // What cannot be delivered is answered by `gone`.
    send: (message) => void child.send(message, () => undefined),
    ref: () => child.channel?.ref(),
    unref: () => child.channel?.unref(),
  };
}

/** The same in a thread, where no plain Node can be started. */
export function threadCarrier(entry: URL, listener: CarrierListener): Carrier {
  const worker = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
  worker.on('message', listener.told);
  worker.on('error', listener.gone);
  worker.on('exit', listener.gone);
  worker.unref();
  return { send: (message) => worker.postMessage(message), ref: () => worker.ref(), unref: () => worker.unref() };
}
