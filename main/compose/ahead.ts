import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { spareGatewayThread } from '#main/gateway/spare-thread.ts';
import type { Journal } from '#main/ports/journal/port.ts';
import { FOLDERS } from './folders.ts';
import { detectSandbox } from './sandbox.ts';

/** What can begin before the rest of AIOS is loaded, for one orchestrator. Nothing is opened or changed by it. */
export interface Ahead {
  readonly journal: Journal;
  readonly gateway: Worker;
  readonly sandbox: ReturnType<typeof detectSandbox>;
}

/** What was started, until somebody takes it. */
export interface StartedAhead {
  /** For the first orchestrator on that data folder; undefined for any other. */
  take(home: string): Ahead | undefined;
  /** Ends what nobody took. */
  end(): Promise<void>;
}

/** Starts the threads of an orchestrator on a data folder, and looks for the sandbox. Loads little itself. */
export function startAhead(folder: string): StartedAhead {
  let started: Ahead | undefined = {
    journal: createSqliteJournal(join(folder, FOLDERS.journal), true),
    gateway: spareGatewayThread(),
    sandbox: detectSandbox(),
  };
  const taken = () => {
    const ahead = started;
    started = undefined;
    return ahead;
  };
  return {
    take: (home) => (home === folder ? taken() : undefined),
    async end() {
      const left = taken();
      await left?.journal.close();
      await left?.gateway.terminate();
    },
  };
}
